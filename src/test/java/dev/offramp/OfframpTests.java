package dev.offramp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OfframpTests {

    @Test
    void startsTheServiceWhenNoCommandIsNamed() {
        assertThat(Offramp.isService()).isTrue();
        assertThat(Offramp.isService("serve")).isTrue();
        assertThat(Offramp.isService("serve", "--server.port=8081")).isTrue();
        assertThat(Offramp.isService("--offramp.mode=live")).isTrue();
        assertThat(Offramp.isService("--debug")).isTrue();
    }

    @Test
    void runsACommandWithoutTheService() {
        assertThat(Offramp.isService("brake")).isFalse();
        assertThat(Offramp.isService("simulator", "--port", "0")).isFalse();
        assertThat(Offramp.isService("--help")).isFalse();
        assertThat(Offramp.isService("--version")).isFalse();
        assertThat(Offramp.isService("serve", "--help")).isFalse();
        assertThat(Offramp.isService("nonsense")).isFalse();
    }
}
