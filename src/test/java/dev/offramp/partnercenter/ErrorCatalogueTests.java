package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.partnercenter.ErrorCatalogue.Meaning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorCatalogueTests {

    @Test
    void tellsOneNumberUnderTwoStatusesApart() {
        assertThat(ErrorCatalogue.of(403, "2006").advice()).contains("may not sell");
        assertThat(ErrorCatalogue.of(400, "2006").advice()).contains("offer");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 412, 417})
    void hasASafeMeaningForCodesThatNobodyDocumented(int status) {
        assertThat(ErrorCatalogue.of(status, "31415926")).isEqualTo(ErrorCatalogue.of(status, null));
        assertThat(ErrorCatalogue.of(status, "31415926").meaning()).isNotEqualTo(Meaning.LOST);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 408, 500, 501, 502, 503, 504, 599})
    void doesNotKnowWhetherItHappenedAfterOtherStatuses(int status) {
        assertThat(ErrorCatalogue.of(status, null).meaning()).isEqualTo(Meaning.LOST);
    }
}
