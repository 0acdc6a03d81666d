package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.safety.ProtectedCustomers.ByDomain;
import dev.offramp.testing.Admissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectedListTests {

    private static final String ID = "5921f00a-32c0-4457-aaa1-e8018c650895";

    private static final String OTHER = "6e7aa601-629e-461b-8933-0898c3cc3c7c";

    @TempDir
    private Path folder;

    private Path file;
    private long nanos;
    private int writes;
    private final List<String> broken = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("protected.txt");
    }

    @ParameterizedTest
    @CsvSource({
        "contoso.example,       contoso.example,              true",
        "contoso.example,       CONTOSO.Example.,             true",
        "contoso.example,       www.contoso.example,          false",
        "contoso.example,       notcontoso.example,           false",
        "*.contoso.example,     www.contoso.example,          true",
        "*.contoso.example,     a.b.contoso.example,          true",
        "*.contoso.example,     contoso.example,              false",
        "*.contoso.example,     www.notcontoso.example,       false",
        "bücher.example,        xn--bcher-kva.example,        true",
        "xn--bcher-kva.example, BÜCHER.example,               true",
        "*.bücher.example,      www.xn--bcher-kva.example,    true",
        "'*.Contoso.Example',   www.contoso.example,          true"
    })
    void protectsADomainHoweverItIsWritten(String written, String domain, boolean expected) {
        var domains = ProtectedDomains.of(List.of(written));

        assertThat(domains.match(ProtectedDomains.plain(domain).orElseThrow()).isPresent())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"contoso", "*", "*.", "con toso.example", "www.*.example", ".example", "a..example"})
    void refusesWhatIsNoDomain(String written) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProtectedDomains.of(List.of(written)))
                .withMessage("'%s' is no domain; write e.g. contoso.example or *.contoso.example.".formatted(written));
    }

    @Test
    void knowsACustomerByItsDefaultDomainAndByItsOthers() {
        var list = new ProtectedList(Set.of(), ProtectedDomains.of(List.of("*.contoso.example")));

        assertThat(byDomain(list, customer("www.contoso.example", "a.example")))
                .isEqualTo(new ByDomain.Protected("www.contoso.example", "*.contoso.example"));
        assertThat(byDomain(list, customer("a.example", "WWW.contoso.example")))
                .isEqualTo(new ByDomain.Protected("WWW.contoso.example", "*.contoso.example"));
        assertThat(byDomain(list, customer("a.example"))).isEqualTo(new ByDomain.Free());
        assertThat(byDomain(list, customer(null))).isInstanceOf(ByDomain.Unknown.class);
        assertThat(byDomain(list, customer("no domain"))).isInstanceOf(ByDomain.Unknown.class);
        assertThat(byDomain(list, null)).isInstanceOf(ByDomain.Unknown.class);
        assertThat(byDomain(ProtectedList.EMPTY, null)).isEqualTo(new ByDomain.Free());
    }

    @Test
    void readsIdsAndDomainsAndLeavesOutRemarks() {
        var list = ProtectedList.of(
                List.of("# ours", "", ID.toUpperCase(java.util.Locale.ROOT) + " # the parent", " *.contoso.example "));

        assertThat(list.customers()).extracting(Object::toString).containsExactly(ID);
        assertThat(list.domains().written()).containsExactly("*.contoso.example");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProtectedList.of(List.of(ID, "contoso")))
                .withMessage("line 2: 'contoso' is neither a customer's id nor a domain.");
    }

    @Test
    void isReadAgainWhenTheFileHasChangedAndLooksOnceASecond() {
        write(ID);
        var list = reading();
        assertThat(ids(list)).containsExactly(ID);

        write(ID, OTHER);
        assertThat(ids(list)).as("a second has not passed").containsExactly(ID);
        pass();
        assertThat(ids(list)).containsExactlyInAnyOrder(ID, OTHER);
    }

    @Test
    void letsNobodyLooseBeforeTheFileHasSettled() {
        write(ID, OTHER);
        var list = reading();

        write(OTHER);
        pass();
        assertThat(ids(list)).as("perhaps it is being written").containsExactlyInAnyOrder(ID, OTHER);
        write(OTHER, "contoso.example");
        pass();
        assertThat(ids(list)).contains(ID);
        pass();
        assertThat(ids(list)).containsExactly(OTHER);
        assertThat(list.get().domains().written()).containsExactly("contoso.example");
    }

    @Test
    void keepsWhatItReadLastWhenTheFileIsBrokenEmptyOrGone() throws IOException {
        write(ID);
        var list = reading();

        write("contoso");
        pass();
        assertThat(ids(list)).containsExactly(ID);
        assertThat(broken).singleElement().asString().contains("line 1: 'contoso' is neither");
        pass();
        assertThat(broken).as("said once").hasSize(1);

        write();
        pass();
        assertThat(ids(list)).containsExactly(ID);
        assertThat(broken.getLast()).endsWith("names nobody.");

        Files.delete(file);
        pass();
        pass();
        assertThat(ids(list)).containsExactly(ID);
        assertThat(broken.getLast()).contains("cannot be read");

        write(OTHER);
        pass();
        assertThat(ids(list)).containsExactlyInAnyOrder(ID, OTHER);
        pass();
        assertThat(ids(list)).containsExactly(OTHER);
    }

    @Test
    void tellsWhatItReadOnceForEachChangeAndWhenAllIsWellAgain() {
        write(ID);
        var list = reading();
        assertThat(told).containsExactly("protected.txt: 1 customers and 0 domains");

        pass();
        list.get();
        write(ID);
        pass();
        list.get();
        assertThat(told).as("the same people").hasSize(1);

        write(ID, OTHER, "contoso.example");
        pass();
        list.get();
        pass();
        list.get();
        assertThat(told).hasSize(2).last().isEqualTo("protected.txt: 2 customers and 1 domains");

        write("?");
        pass();
        list.get();
        write(ID, OTHER, "contoso.example");
        pass();
        list.get();
        assertThat(told).as("it was broken in between").hasSize(3);
        pass();
        list.get();
        assertThat(told).hasSize(3);
    }

    @Test
    void looksAgainWhenASecondHasPassedSinceItLooked() {
        write(ID);
        var list = reading();
        write(ID, OTHER);

        nanos += Duration.ofSeconds(1).toNanos() - 1;
        assertThat(ids(list)).containsExactly(ID);
        nanos++;
        assertThat(ids(list)).hasSize(2);

        write(ID, OTHER, "6e7aa601-629e-461b-8933-000000000000");
        nanos += Duration.ofSeconds(1).toNanos() - 1;
        assertThat(ids(list)).as("a second since the last look has not passed").hasSize(2);
    }

    @Test
    void addsOneListToAnother() {
        var one = ProtectedList.of(List.of(ID, "contoso.example"));
        var other = ProtectedList.of(List.of(OTHER, "*.fabrikam.example"));

        assertThat(one.and(other))
                .isEqualTo(ProtectedList.of(List.of(ID, OTHER, "contoso.example", "*.fabrikam.example")));
        assertThat(ProtectedList.EMPTY.isEmpty()).isTrue();
        assertThat(ProtectedList.of(List.of(ID)).isEmpty()).isFalse();
        assertThat(ProtectedList.of(List.of("contoso.example")).isEmpty()).isFalse();
    }

    @Test
    void saysOfAFileThatIsNoText() throws IOException {
        Files.write(file, new byte[] {(byte) 0xc3, (byte) 0x28});

        assertThatIllegalArgumentException().isThrownBy(this::reading).withMessageContaining("is not UTF-8.");
    }

    @Test
    void alwaysProtectsThePartnersOwnTenant() {
        var nobodyElse = ProtectedCustomers.of(Set.of(), Admissions.PARTNER);

        assertThat(nobodyElse.contains(CustomerId.of(Admissions.PARTNER.value())))
                .isTrue();
        assertThat(nobodyElse.contains(Admissions.customer("a"))).isFalse();
    }

    @Test
    void stopsTheStartWhereItIsMissingBrokenOrEmpty() {
        assertThatIllegalArgumentException()
                .isThrownBy(this::reading)
                .withMessageStartingWith("offramp.safety.protected-file: " + file + " cannot be read")
                .withMessageEndingWith("Nothing is begun without it.");
        write("# nobody yet");
        assertThatIllegalArgumentException().isThrownBy(this::reading).withMessageContaining("names nobody");
        write("?");
        assertThatIllegalArgumentException().isThrownBy(this::reading).withMessageContaining("line 1: '?'");
    }

    private static ByDomain byDomain(ProtectedList list, @Nullable Customer customer) {
        return new ProtectedCustomers(() -> list, Admissions.PARTNER).byDomain(customer);
    }

    private static Customer customer(@Nullable String domain, String... others) {
        return new Customer(Admissions.customer("a"), "A", domain, List.of(others), "reseller");
    }

    private ProtectedFile reading() {
        return new ProtectedFile(file, () -> nanos, new ProtectedFile.ProtectionJournal() {
            @Override
            public void read(Path from, int customers, int domains) {
                told.add("%s: %d customers and %d domains".formatted(from.getFileName(), customers, domains));
            }

            @Override
            public void broken(String what) {
                broken.add(what);
            }
        });
    }

    /** Each time a second later by the file's own clock. */
    private void write(String... lines) {
        try {
            Files.write(file, List.of(lines));
            Files.setLastModifiedTime(
                    file, FileTime.from(Instant.parse("2026-11-20T12:00:00Z").plusSeconds(writes++)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void pass() {
        nanos += Duration.ofSeconds(1).toNanos();
    }

    private static List<String> ids(Supplier<ProtectedList> list) {
        return list.get().customers().stream().map(Object::toString).toList();
    }
}
