package dev.offramp.operations.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.operations.command.FakeService.Answer;
import dev.offramp.operations.command.FakeService.Asked;
import dev.offramp.operations.command.Typed.Ran;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RunCommandTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LOADED = "\"state\":\"loaded\",\"lines\":{\"read\":2,\"new\":2}";
    private static final String DONE = LOADED + ",\"requests\":{\"total\":2,\"final\":{\"succeeded\":2}}";

    @TempDir
    private Path folder;

    private final Typed typed = new Typed().with("OFFRAMP_TOKEN", "secret");
    private final ReceivingService service = new ReceivingService();
    private Path file = Path.of("");

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.writeString(folder.resolve("list.csv"), "customerId,reason\na,x\nb,y\n");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void announcesTheFileWithItsDigestAndSendsIt() throws Exception {
        var ran = run();

        assertThat(ran.code()).as(ran.err()).isZero();
        var announced = JSON.readTree(service.first("POST /runs").text());
        assertThat(announced.path("job").asString()).isEqualTo("cancel-subscriptions");
        assertThat(announced.path("name").asString()).isEqualTo("monday");
        assertThat(announced.path("plan").asBoolean()).isFalse();
        assertThat(announced.path("reason").asString()).isNotBlank();
        assertThat(announced.path("file").path("name").asString()).isEqualTo("list.csv");
        assertThat(announced.path("file").path("size").asLong()).isEqualTo(Files.size(file));
        assertThat(announced.path("file").path("digest").asString())
                .isEqualTo(HexFormat.of()
                        .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                                .digest(Files.readAllBytes(file))));
        assertThat(service.received()).isEqualTo(Files.readAllBytes(file));
        assertThat(ran.out())
                .contains("Run 12, monday of cancel-subscriptions: loaded")
                .contains("2 succeeded");
    }

    @Test
    void sendsALargeFileInPieces() throws Exception {
        var content = new byte[2 * FileRun.PIECE + 5];
        Arrays.fill(content, (byte) 'x');
        Files.write(file, content);

        run();

        assertThat(service.pieces()).containsExactly(0L, (long) FileRun.PIECE, 2L * FileRun.PIECE);
        assertThat(service.received()).isEqualTo(content);
    }

    @Test
    void sendsOnlyWhatTheServiceDoesNotHave() throws Exception {
        service.has(Arrays.copyOf(Files.readAllBytes(file), 7));

        run();

        assertThat(service.pieces()).containsExactly(7L);
        assertThat(service.received()).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void sendsNothingThatIsThere() throws Exception {
        service.has(Files.readAllBytes(file));

        assertThat(run().code()).isZero();
        assertThat(service.pieces()).isEmpty();
    }

    @Test
    void goesOnWhereTheServiceIsWhenAnAnswerWasLost() throws Exception {
        service.losesAnAnswer();

        var ran = run();

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(service.received()).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void watchesUntilNothingIsLeftThatGoesOnByItself() {
        service.tells(
                "\"state\":\"checking\",\"lines\":{\"read\":1}",
                "\"state\":\"loading\",\"lines\":{\"total\":2,\"read\":1,\"new\":1}",
                LOADED + ",\"requests\":{\"total\":2,\"open\":{\"ready\":2}}",
                LOADED + ",\"requests\":{\"total\":2,\"open\":{\"working\":1},\"final\":{\"succeeded\":1}}",
                LOADED + ",\"requests\":{\"total\":2,\"open\":{\"waiting\":1},\"final\":{\"succeeded\":1}}");

        var ran = run();

        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("1 succeeded, 1 waiting")
                .contains("Waiting: 1 (time settles it): offramp request list --run 12 --status deferred");
        assertThat(ran.err())
                .contains("Run 12: checking")
                .contains("Run 12: loading, 1 of 2 lines (1 new)")
                .contains("Run 12: loaded; 0 of 2 requests ended (2 ready)");
    }

    @Test
    void writesALineOnlyNowAndThenAndWhenSomethingChanged() {
        var views = new ArrayList<String>();
        for (int ended = 0; ended < 60; ended++) {
            views.add(LOADED
                    + ",\"requests\":{\"total\":60,\"open\":{\"ready\":%d},\"final\":{\"succeeded\":%d}}"
                            .formatted(60 - ended, ended));
        }
        for (int still = 0; still < 60; still++) {
            views.add(views.getLast());
        }
        views.add(LOADED + ",\"requests\":{\"total\":60,\"final\":{\"succeeded\":60}}");
        service.tells(views.toArray(String[]::new));

        var ran = run();

        assertThat(ran.code()).isZero();
        assertThat(ran.err().lines().filter(line -> line.contains("loaded;")))
                .hasSizeBetween(10, 30)
                .doesNotHaveDuplicates();
    }

    @Test
    void endsAfterLoadingWhenDetached() {
        service.tells(
                "\"state\":\"loading\",\"lines\":{\"read\":1}",
                LOADED + ",\"requests\":{\"total\":2,\"open\":{\"ready\":2}}");

        assertThat(run("--detach").code()).isZero();
    }

    @Test
    void saysWithItsExitCodeWhatBecameOfTheRun() {
        assertThat(
                        Stream.of(
                                ending(DONE),
                                ending("\"state\":\"refused\",\"message\":\"Too many bad lines.\""),
                                ending("\"state\":\"failed\",\"message\":\"The disk is full.\""),
                                ending("\"state\":\"loaded\",\"lines\":{\"new\":1,\"bad\":1}"),
                                ending("\"state\":\"loaded\",\"lines\":{\"known\":1,\"changed\":1}"),
                                ending(LOADED + ",\"requests\":{\"total\":2,\"open\":{\"held\":2}}"),
                                ending(LOADED + ",\"requests\":{\"total\":2,\"open\":{\"stalled\":2}}"),
                                ending(LOADED + ",\"requests\":{\"total\":2,\"final\":{\"failed\":2}}"),
                                ending(
                                        "\"state\":\"loaded\",\"lines\":{\"bad\":1},\"requests\":{\"total\":2,\"open\":{\"held\":2}}")))
                .containsExactly(0, 1, 5, 4, 4, 5, 5, 5, 5);
    }

    @Test
    void saysHowToLookAtWhatNeedsAPerson() {
        service.tells(LOADED + ",\"requests\":{\"total\":5,\"open\":{\"held\":2,\"stalled\":3}}");

        assertThat(run().out())
                .contains("Held: 2 (a person decides): offramp held list --run 12")
                .contains("Stalled: 3 (a technical reason): offramp request list --run 12 --status stalled");
    }

    @Test
    void writesTheLinesThatWereNotLoadedBesideTheInput() throws Exception {
        service.tells("\"state\":\"loaded\",\"lines\":{\"new\":1,\"bad\":1,\"changed\":1}");

        var ran = run();

        assertThat(folder.resolve("list.csv.rejected")).hasContent(ReceivingService.REJECTED);
        assertThat(ran.err())
                .contains("Not loaded: 1 line bad, 1 changed; they are in " + folder.resolve("list.csv.rejected"));
        assertThat(Files.list(folder)).hasSize(2);
    }

    @Test
    void writesTheLinesThatWereNotLoadedWhereItIsTold() {
        service.tells("\"state\":\"refused\",\"lines\":{\"bad\":2}");

        assertThat(run("--rejects", folder.resolve("elsewhere").toString()).code())
                .isEqualTo(1);
        assertThat(folder.resolve("elsewhere")).hasContent(ReceivingService.REJECTED);
    }

    @Test
    void keepsTryingWhileTheServiceIsAway() {
        service.tells(LOADED + ",\"requests\":{\"total\":2,\"open\":{\"ready\":2}}", DONE);
        service.awayFor(4);

        var ran = run();

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("Trying again for 10m").contains("The service answers again.");
    }

    @Test
    void findsAServiceThatWasStartedAgain() {
        service.tells(LOADED + ",\"requests\":{\"total\":2,\"open\":{\"ready\":2}}", DONE);
        var looks = new AtomicInteger();
        typed.whilePausing(() -> {
            switch (looks.getAndIncrement()) {
                case 0 -> service.stop();
                case 3 -> service.startAgain();
                default -> {}
            }
        });

        var ran = run();

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("does not answer").contains("The service answers again.");
    }

    @Test
    void givesUpWhenPatienceEndsAndSaysThatTheSameCommandReattaches() {
        service.tells(LOADED + ",\"requests\":{\"total\":2,\"open\":{\"ready\":2}}");
        service.awayFor(Integer.MAX_VALUE);

        var ran = run("--patience", "90s");

        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.err()).contains("did not answer for 1m30s").contains("the same command re-attaches");
    }

    @Test
    void doesNotWaitForAServiceThatIsNotThereAtAll() {
        service.stop();

        assertThat(run().code()).isEqualTo(3);
    }

    @Test
    void printsOnlyTheFinalViewForMachines() {
        service.tells("\"state\":\"loading\",\"lines\":{\"read\":1}", DONE);

        var ran = run("--output", "json");

        assertThat(JSON.readTree(ran.out()).path("state").asString()).isEqualTo("loaded");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void readsStandardInputAndLeavesNothingBehind() throws Exception {
        var before = spooled();
        var input = System.in;
        System.setIn(new ByteArrayInputStream("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)));
        try {
            service.tells("\"state\":\"loaded\",\"lines\":{\"bad\":1}");

            var ran = run("-");

            assertThat(service.received()).asString(StandardCharsets.UTF_8).isEqualTo("a,b\n1,2\n");
            assertThat(ran.err()).contains("offramp runs rejected 12 --to FILE");
        } finally {
            System.setIn(input);
        }
        assertThat(spooled()).isEqualTo(before);
    }

    @Test
    void putsTodaysDateIntoNameAndFile() throws Exception {
        Files.move(file, folder.resolve("2026-11-21.csv"));

        var ran = typed.run(command(
                "--name",
                "nightly-{date}",
                "--file",
                folder.resolve("{date}.csv").toString(),
                "--time-zone",
                "Asia/Tokyo"));

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(JSON.readTree(service.first("POST /runs").text())
                        .path("name")
                        .asString())
                .isEqualTo("nightly-2026-11-21");
    }

    @Test
    void passesOnWhatTheRunIsFor() {
        run("--plan", "--reason", "contract 4711", "--requested-by", "jane");

        var announced = JSON.readTree(service.first("POST /runs").text());
        assertThat(announced.path("plan").asBoolean()).isTrue();
        assertThat(announced.path("reason").asString()).isEqualTo("contract 4711");
        assertThat(announced.path("requestedBy").asString()).isEqualTo("jane");
    }

    @Test
    void endsWithTwoWhenTheCommandIsWrittenWrongly() throws Exception {
        var empty = Files.createFile(folder.resolve("empty"));

        assertThat(Stream.of(
                        typed.run("run"),
                        typed.run(command("--file", file.toString())),
                        typed.run(command("--name", "x")),
                        typed.run(command("--name", "x", "--file", "/no/such/file")),
                        typed.run(command("--name", "x", "--file", folder.toString())),
                        typed.run(command("--name", "x", "--file", empty.toString())),
                        run("--time-zone", "Mars"),
                        run("--patience", "long"),
                        run("--offramp.mode=live"),
                        run("--standalone", "nonsense"),
                        run("--standalone"),
                        typed.run("run", "j", "--name", "x", "--file", "" + file, "--standalone", "--detach")))
                .allSatisfy(each -> {
                    assertThat(each.code()).as(each.err()).isEqualTo(2);
                    assertThat(each.err()).isNotBlank();
                });
        assertThat(service.asked()).isEmpty();
    }

    @Test
    void passesOnWhatTheServiceRefuses() {
        service.refuses("There is no job cancel-subscription; did you mean cancel-subscriptions?");

        var ran = run();

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("did you mean cancel-subscriptions?");
    }

    @Test
    void becomesANodeWithTheConfigurationOfServe() {
        var started = new ArrayList<String>();
        var stopped = new AtomicInteger();
        typed.standalone(configuration -> {
            started.addAll(configuration);
            return node(stopped);
        });

        var ran = typed.run(
                "run",
                "cancel-subscriptions",
                "--name",
                "monday",
                "--file",
                file.toString(),
                "--home",
                "/srv/offramp",
                "--standalone",
                "--offramp.mode=live");

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(started).containsExactly("--offramp.home=/srv/offramp", "--offramp.mode=live");
        assertThat(stopped).hasValue(1);
        assertThat(service.first("POST /runs").authorization()).isEqualTo("Bearer its own");
    }

    @Test
    void saysInOneSentenceWhyItCannotBecomeANode() {
        var ran = typed.run("run", "j", "--name", "x", "--file", file.toString(), "--standalone");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err().lines().toList().getLast()).isEqualTo("No node today.");
    }

    @Test
    void saysThatTheRunGoesOnWhenItIsEndedFromOutside() {
        var goodbye = new Goodbye(new java.io.PrintWriter(System.err), false);
        goodbye.close();

        assertThat(goodbye.sentence(new RunReport(JSON.readTree("{\"number\":12,\"state\":\"loaded\"}"))))
                .isEqualTo(
                        "Run 12 goes on in the service. Look with 'offramp runs show 12'; the same command watches it again.");
        assertThat(goodbye.sentence(new RunReport(
                        JSON.readTree("{\"number\":12,\"state\":\"receiving\",\"file\":{\"size\":9,\"received\":4}}"))))
                .isEqualTo("Run 12 has 4 of 9 bytes of the file; the same command sends the rest.");
    }

    @Test
    void drawsABarAtATerminal() {
        var out = new ByteArrayOutputStream();
        try (var bars = new ProgressBars(new java.io.PrintStream(out, true, StandardCharsets.UTF_8))) {
            for (String each : List.of(
                    "{\"state\":\"receiving\",\"file\":{\"size\":9,\"received\":4}}",
                    "{\"state\":\"loading\",\"lines\":{\"total\":2,\"read\":1}}",
                    "{\"state\":\"loaded\",\"requests\":{\"total\":4,\"open\":{\"ready\":3},\"final\":{\"succeeded\":1}}}")) {
                bars.show(new RunReport(JSON.readTree(each)));
            }
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("Upload")
                .contains("Load")
                .contains("Work  25%");
    }

    private StandaloneNode node(AtomicInteger stopped) {
        return new StandaloneNode() {
            @Override
            public URI address() {
                return service.address();
            }

            @Override
            public String token() {
                return "its own";
            }

            @Override
            public void close() {
                stopped.incrementAndGet();
            }
        };
    }

    private int ending(String view) {
        service.tells(view);
        return run().code();
    }

    private Ran run(String... more) {
        boolean input = more.length == 1 && more[0].equals("-");
        var all = new ArrayList<>(List.of("--name", "monday", "--file", input ? "-" : file.toString()));
        if (!input) {
            all.addAll(List.of(more));
        }
        return typed.run(command(all.toArray(String[]::new)));
    }

    private String[] command(String... more) {
        return Stream.concat(
                        Stream.of(
                                "run",
                                "cancel-subscriptions",
                                "--server",
                                service.address().toString()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private static List<Path> spooled() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(each -> each.getFileName().toString().endsWith(".input"))
                    .sorted()
                    .toList();
        }
    }

    /** Takes a file as the service does, and then tells one view after the other. */
    private static final class ReceivingService implements AutoCloseable {

        static final String REJECTED = "customerId,reason,why,line\nb,y,bad,3\n";

        private FakeService fake = FakeService.start();
        private final List<Asked> all = new ArrayList<>();
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final List<Long> offsets = new ArrayList<>();
        private final List<String> views = new ArrayList<>(List.of(DONE));
        private long size;
        private int away;
        private boolean loses;
        private @Nullable String refusal;

        ReceivingService() {
            fake.says(this::answer);
        }

        void has(byte[] bytes) {
            content.writeBytes(bytes);
        }

        void tells(String... newViews) {
            views.clear();
            views.addAll(List.of(newViews));
        }

        void awayFor(int asked) {
            away = asked;
        }

        void losesAnAnswer() {
            loses = true;
        }

        void refuses(String sentence) {
            refusal = sentence;
        }

        void stop() {
            fake.close();
        }

        void startAgain() {
            fake = FakeService.at(fake.port()).says(this::answer);
        }

        URI address() {
            return fake.address();
        }

        byte[] received() {
            return content.toByteArray();
        }

        List<Long> pieces() {
            return offsets;
        }

        List<Asked> asked() {
            return all;
        }

        Asked first(String line) {
            return all.stream()
                    .filter(each -> each.line().equals(line))
                    .findFirst()
                    .orElseThrow();
        }

        private synchronized Answer answer(Asked asked) {
            all.add(asked);
            if (refusal != null) {
                return Answer.json(404, "{\"detail\":\"%s\"}".formatted(refusal));
            }
            if (asked.line().equals("POST /runs")) {
                size = JSON.readTree(asked.text()).path("file").path("size").asLong();
                return view();
            }
            if (asked.method().equals("PUT")) {
                return piece(asked);
            }
            if (asked.path().endsWith("/rejected")) {
                return new Answer(200, "text/csv", REJECTED.getBytes(StandardCharsets.UTF_8));
            }
            if (away > 0) {
                away--;
                return Answer.json(503, "");
            }
            return view();
        }

        private Answer piece(Asked asked) {
            long offset = Long.parseLong(String.valueOf(asked.query()).replace("offset=", ""));
            if (offset != content.size()) {
                return Answer.json(409, "{\"detail\":\"Another piece\",\"received\":%d}".formatted(content.size()));
            }
            offsets.add(offset);
            content.writeBytes(asked.body());
            if (loses) {
                loses = false;
                return Answer.json(502, "");
            }
            return view();
        }

        private Answer view() {
            String rest = content.size() < size
                    ? "\"state\":\"receiving\""
                    : views.size() > 1 ? views.removeFirst() : views.getFirst();
            return Answer.json(
                    200,
                    "{\"number\":12,\"job\":\"cancel-subscriptions\",\"name\":\"monday\",\"file\":{\"size\":%d,\"received\":%d},%s}"
                            .formatted(size, content.size(), rest));
        }

        @Override
        public void close() {
            fake.close();
        }
    }
}
