// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/logs/section_mark.h"
#include "tests/logs/log_text.h"

#include <QTest>

#include <random>

using namespace faultline::logs;
using testing::LogText;
using testing::parsed;

namespace {

constexpr const char *stamp = "2026-01-31T12:34:56.123456Z 01O ";
constexpr const char *joined = "2026-01-31T12:34:57.000000Z 01O+";
constexpr const char *runnerStamp = "2026-01-31T12:34:58.000001Z 00E ";

std::string timed(const char *rest)
{
    return std::string("line t=1769862896123456 ").append(rest);
}

/// A log with everything in it, for cutting.
std::string rich()
{
    std::string log;
    log += std::string(runnerStamp) + "Running with gitlab-runner 18.7.0 (abc)\r\n";
    log += std::string(stamp) + "\x1b[0Ksection_start:1700000000:step_script[collapsed=true]\r";
    log += "\n" + std::string(joined) + "\x1b[0K\x1b[36;1mExecuting \"step_script\"\x1b[0;m\n";
    log += std::string(stamp)
        + "h\xC3\xA9llo \xE4\xB8\xAD \xF0\x9F\x98\x80 bad \xFF\xC3( \xE4\xB8\n";
    log += std::string(stamp) + "10%\r20%\r30%\n";
    log += std::string(stamp) + "a\r\n" + std::string(joined) + "b\r\r\n";
    log += std::string(stamp)
        + "\x1b]0;title\x07"
          "kept \x1b[2J\x1b[1;1H\x1b(Bplain \x1b[38;5;208morange\x1b[38;2;1;2;3mstill\x1b[0m\n";
    log += std::string(stamp) + "fault in force ##faultline {\"type\":\"fault\"}\n";
    log += "no header here\n";
    log += std::string(stamp)
        + "tail\x1b[0Ksection_end:1700000009:step_script\r\x1b[0Ksection_start:1700000010:after_"
          "script\r\x1b[0KRunning after_script\n";
    log += std::string(stamp) + "last";
    return log;
}

std::string expected(const std::vector<std::string> &lines)
{
    std::string out;
    for (const std::string &line : lines)
        out += line + "\n";
    return out;
}

void compare(const std::string &actual, const std::string &wanted)
{
    QCOMPARE(QString::fromStdString(actual), QString::fromStdString(wanted));
}

} // namespace

class TestJobLogParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainLines()
    {
        compare(parsed("one\ntwo\r\n\nfour"),
            expected({ "line [one]", "line [two]", "line []", "line [four]" }));
    }

    void timesComeFromTheHeader()
    {
        compare(parsed(std::string(stamp) + "one\n" + runnerStamp + "two\n"),
            expected({ timed("[one]"), "line t=1769862898000001 runner error [two]" }));
    }

    void plusJoinsPhysicalLines()
    {
        compare(parsed(std::string(stamp) + "one " + "\n" + joined + "two\n" + stamp + "three\n"),
            expected({ timed("[one two]"), timed("[three]") }));
    }

    void aHeaderIsTextWhenTheFirstLineHasNone()
    {
        compare(parsed("first\n" + std::string(stamp) + "two\n"),
            expected({ "line [first]", std::string("line [").append(stamp).append("two]") }));
    }

    void aBareReturnClearsTheLine()
    {
        compare(parsed("10%\r20%\r\n"), expected({ "line [20%]" }));
        compare(parsed("10%\r\r20%\r\r\n"), expected({ "line [20%]" }));
        compare(parsed("abc\r\x1b[31mx\n"), expected({ "line [x] 0+1:1/-1/0" }));
        compare(parsed(std::string(stamp) + "10%\r\n" + joined + "20%\n"),
            expected({ timed("[20%]") }));
    }

    void sectionsWithOptionsAndNesting()
    {
        compare(
            parsed("\x1b[0Ksection_start:5:outer[collapsed=true,hide_duration=true]\r\x1b[0KOuter\n"
                   "\x1b[0Ksection_start:6:inner\r\x1b[0KInner\nwork\n"
                   "\x1b[0Ksection_end:8:outer\r\x1b[0K\nafter\n"
                   "\x1b[0Ksection_end:9:outer\r\x1b[0K"),
            expected({ "start outer 5 collapsed hidesDuration", "line header depth=1 [Outer]",
                "start inner 6", "line header depth=2 [Inner]", "line depth=2 [work]",
                "end inner 8", "end outer 8", "line [after]" }));
    }

    void aMarkInTheMiddleEndsTheLine()
    {
        compare(parsed("before\x1b[0Ksection_start:5:x\r\x1b[0Kheader\n"),
            expected({ "line [before]", "start x 5", "line header depth=1 [header]" }));
    }

    void whatOnlyLooksLikeAMarkIsText()
    {
        compare(parsed("section_start:5:x\n"), expected({ "line [section_start:5:x]" }));
        compare(parsed("section_start:5:\r\x1b[0Ky\n"), expected({ "line [y]" }));
        compare(parsed("section_start:x:n\r\x1b[0Ky\n"), expected({ "line [y]" }));
    }

    void styles()
    {
        compare(parsed("\x1b[32;1mgreen\x1b[0m plain\n"),
            expected({ "line [green plain] 0+5:2/-1/1" }));
        compare(parsed("\x1b[91ma\nb\x1b[39mc\n"),
            expected({ "line [a] 0+1:9/-1/0",
                "line [b"
                "c] 0+1:9/-1/0" }));
        compare(parsed("\x1b[38;5;208;48;5;17mx\n"), expected({ "line [x] 0+1:208/17/0" }));
        compare(parsed("\x1b[38;2;31;1;4;3mx\n"), expected({ "line [x] 0+1:-1/-1/2" }));
        compare(
            parsed("\x1b[3;4;8;9mx\x1b[23;24;28;29my\n"), expected({ "line [xy] 0+1:-1/-1/30" }));
        compare(parsed("\x1b[?25mx\n"), expected({ "line [x]" }));
    }

    void otherEscapesAreDropped()
    {
        compare(parsed("a\x1b[2K\x1b[10;20Hb\x1b]0;t\x07"
                       "c\x1bP1;2q\x1b\\d\x1b(Be\x1b=f\n"),
            expected({ "line [abcdef]" }));
        compare(parsed("a\x1b]52;c;never ended\nb\n"), expected({ "line [a]", "line [b]" }));
        compare(parsed("a\x1b[12\nb\n"), expected({ "line [a]", "line [b]" }));
        compare(parsed("a\x1b"), expected({ "line [a]" }));
    }

    void invalidBytesAreReplaced()
    {
        compare(parsed("a\xFFz \xC3( \xE4\xB8 \xED\xA0\x80 \xC2\x9B"
                       "31m\n"),
            expected({ "line [a\xEF\xBF\xBDz \xEF\xBF\xBD( \xEF\xBF\xBD "
                       "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD "
                       "\xEF\xBF\xBD"
                       "31m]" }));
        compare(parsed(std::string_view("a\0b\x08\x7F\n", 6)),
            expected({ "line [a\xE2\x90\x80"
                       "b\xE2\x90\x88\xE2\x90\xA1]" }));
    }

    void longLinesComeInPieces()
    {
        const std::string log = std::string(JobLogParser::pieceSize * 2, 'x') + "end\n"
            + std::string(JobLogParser::pieceSize, 'y') + "\nz\n";
        std::string first("line [");
        first.append(JobLogParser::pieceSize, 'x').append("]");
        std::string second("line continues [");
        second.append(JobLogParser::pieceSize, 'x').append("]");
        std::string piece2("line [");
        piece2.append(JobLogParser::pieceSize, 'y').append("]");
        compare(
            parsed(log), expected({ first, second, "line continues [end]", piece2, "line [z]" }));
    }

    void theEventMarkerIsRecognised()
    {
        compare(parsed("killed pd-1 ##faultline {}\n##faultline {}\nx##faultline {}\n"),
            expected({ "line [killed pd-1 ##faultline {}] event@24",
                "line [##faultline {}] event@12", "line [x##faultline {}]" }));
    }

    void theGrowingLineCanBeSeen()
    {
        JobLogParser parser;
        LogText out;
        parser.feed(std::string(stamp) + "done\n", out);
        QVERIFY(out.text().empty());
        QVERIFY(parser.hasPending());
        compare(std::string(parser.pending().text), "done");
        parser.feed(std::string(stamp) + "grow", out);
        compare(out.text(), expected({ timed("[done]") }));
        compare(std::string(parser.pending().text), "grow");
    }

    void everySplitGivesTheSame()
    {
        const std::string log = rich();
        const std::string whole = parsed(log);
        QVERIFY(whole.find("orangestill") != std::string::npos);
        for (std::size_t cut = 0; cut <= log.size(); ++cut)
            compare(parsed(log, cut), whole);
        JobLogParser parser;
        LogText out;
        for (const char byte : log)
            parser.feed(std::string_view(&byte, 1), out);
        parser.finish(out);
        compare(out.text(), whole);
    }

    void theRichLogReadsAsExpected()
    {
        const std::string whole = parsed(rich());
        for (const char *part : { "runner error [Running with gitlab-runner 18.7.0 (abc)]",
                 "start step_script 1700000000 collapsed",
                 "header depth=1 [Executing \"step_script\"] 0+23:6/-1/1", "[30%]", "[b]",
                 "[kept plain orangestill] 11+11:208/-1/0", "event@27",
                 "line depth=1 [no header here]", "[tail]", "end step_script 1700000009",
                 "start after_script 1700000010", "header depth=1 [Running after_script]",
                 "[last]" }) {
            QVERIFY2(
                whole.find(part) != std::string::npos, (std::string(part) + "\n" + whole).c_str());
        }
    }

    void randomBytesInRandomCutsGiveTheSame_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 40; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void randomBytesInRandomCutsGiveTheSame()
    {
        QFETCH(unsigned, seed);
        std::mt19937 random(seed);
        const std::vector<std::string> parts{ "a", "\r", "\n", "\x1b", "[", "0K", "31m", "\x1b[0K",
            "section_start:1:n", "section_end:2:n", "\r\x1b[0K", stamp, joined, "\xC3", "\xA9",
            "\xF0\x9F", "\xFF", "\x1b]", "\x07", "\\", "##faultline ", "2026-01-31T",
            std::string(1, '\0'), "text ", "38;5;9m" };
        std::string log = seed % 2 == 0 ? std::string(stamp) : std::string();
        while (log.size() < 3000)
            log += parts[random() % parts.size()];
        const std::string whole = parsed(log);
        for (int round = 0; round < 20; ++round) {
            JobLogParser parser;
            LogText out;
            for (std::size_t at = 0; at < log.size();) {
                const std::size_t length = 1 + random() % 40;
                parser.feed(std::string_view(log).substr(at, length), out);
                at += length;
            }
            parser.finish(out);
            compare(out.text(), whole);
        }
    }
};

QTEST_APPLESS_MAIN(TestJobLogParser)
#include "tst_job_log_parser.moc"
