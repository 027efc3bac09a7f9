// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_document.h"

#include <QSignalSpy>
#include <QTest>
#include <QThreadPool>

using faultline::models::LogDocument;
using faultline::models::LogSection;

namespace {

QByteArray numbered(int from, int count)
{
    QByteArray out;
    for (int i = from; i < from + count; ++i)
        out += "line number " + QByteArray::number(i) + " \x1b[31mred\x1b[0m\n";
    return out;
}

QString textOf(const LogDocument &document, int line)
{
    const std::string_view text = document.line(line).text;
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

class TestLogDocument : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void smallChunksAreThereAtOnce()
    {
        LogDocument document;
        document.append("one\ntw");
        QCOMPARE(document.lineCount(), 2);
        QCOMPARE(document.completeLines(), 1);
        QCOMPARE(textOf(document, 1), QStringLiteral("tw"));
        document.append("o\n");
        QCOMPARE(document.lineCount(), 2);
        QCOMPARE(textOf(document, 1), QStringLiteral("two"));
        QCOMPARE(textOf(document, 7), QString());
    }

    void bigChunksComeFromThePoolInOrder()
    {
        LogDocument document;
        document.append(numbered(0, 60'000));
        document.append(numbered(60'000, 10));
        document.finish();
        QVERIFY(document.isParsing());
        QTRY_COMPARE_WITH_TIMEOUT(document.lineCount(), 60'010, 20'000);
        for (int line = 0; line < 60'010; line += 997)
            QCOMPARE(textOf(document, line), QStringLiteral("line number %1 red").arg(line));
        QCOMPARE(document.line(59'999).spans.size(), 1U);
        QCOMPARE(textOf(document, 60'009), QStringLiteral("line number 60009 red"));
    }

    void aRestartDropsWhatIsStillBeingParsed()
    {
        LogDocument document;
        QSignalSpy restarts(&document, &LogDocument::restarted);
        document.append(numbered(0, 60'000));
        document.restart();
        document.append("fresh\n");
        QCOMPARE(restarts.size(), 1);
        QCOMPARE(document.lineCount(), 1);
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::processEvents();
        QCOMPARE(document.lineCount(), 1);
        QCOMPARE(textOf(document, 0), QStringLiteral("fresh"));
    }

    void itMayDieWhileThePoolWorks()
    {
        auto document = std::make_unique<LogDocument>();
        document->append(numbered(0, 60'000));
        document.reset();
        QCoreApplication::processEvents();
    }

    void sectionsKnowTheirLines()
    {
        LogDocument document;
        document.append("a\n\x1b[0Ksection_start:100:outer\r\x1b[0KOuter\nb\n");
        document.append("\x1b[0Ksection_end:163:outer\r\x1b[0K\nc\n");
        QCOMPARE(document.sections().size(), 1);
        const LogSection *section = document.sectionAt(1);
        QVERIFY(section != nullptr);
        QCOMPARE(section->name, QStringLiteral("outer"));
        QCOMPARE(section->endLine, 3);
        QCOMPARE(section->endedAt - section->startedAt, 63);
        QVERIFY(document.sectionAt(0) == nullptr);
        QCOMPARE(textOf(document, 3), QStringLiteral("c"));
    }

    void growthIsToldFromTheFirstChangedLine()
    {
        LogDocument document;
        document.append("one\ntwo");
        QSignalSpy grew(&document, &LogDocument::grew);
        document.append("!\nthree\n");
        QCOMPARE(grew.size(), 1);
        QCOMPARE(grew.first().first().toInt(), 1);
    }
};

QTEST_GUILESS_MAIN(TestLogDocument)
#include "tst_log_document.moc"
