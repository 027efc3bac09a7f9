// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/exit_mark.h"
#include "services/stacks/docker_frames.h"

#include <QTest>

using namespace faultline;

class tst_ctl_exec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void framesAreTakenApartWhereverTheyAreCut();
    void whatIsNoFrameIsHandedOn();
    void theExitCodeIsFoundWhereverTheOutputIsCut();
    void outputThatLooksLikeAMarkIsShown();
    void theCommandKeepsItsWords();
};

void tst_ctl_exec::framesAreTakenApartWhereverTheyAreCut()
{
    const QByteArray stream = QByteArray("\1\0\0\0\0\0\0\3abc", 11)
        + QByteArray("\2\0\0\0\0\0\0\2!\n", 10) + QByteArray("\1\0\0\0\0\0\0\0", 8)
        + QByteArray("\1\0\0\0\0\0\0\1z", 9);
    for (qsizetype first = 0; first <= stream.size(); ++first) {
        for (qsizetype second = first; second <= stream.size(); ++second) {
            stacks::DockerFrames frames;
            QByteArray out = frames.add(stream.left(first));
            out += frames.add(stream.mid(first, second - first));
            out += frames.add(stream.mid(second));
            QCOMPARE(out, QByteArray("abc!\nz"));
        }
    }
}

void tst_ctl_exec::whatIsNoFrameIsHandedOn()
{
    stacks::DockerFrames frames;
    QByteArray out = frames.add("OCI runtime ex");
    out += frames.add("ec failed");
    QCOMPARE(out, QByteArray("OCI runtime exec failed"));
}

void tst_ctl_exec::theExitCodeIsFoundWhereverTheOutputIsCut()
{
    const QByteArray stream("one\ntwo\x1e"
                            "s3cret:137.");
    for (qsizetype cut = 0; cut <= stream.size(); ++cut) {
        ctl::ExitMark mark("s3cret");
        QByteArray out = mark.add(stream.left(cut));
        out += mark.add(stream.mid(cut));
        QCOMPARE(out, QByteArray("one\ntwo"));
        QCOMPARE(mark.exitCode(), std::optional<int>(137));
        QCOMPARE(mark.finish(), QByteArray());
    }
}

void tst_ctl_exec::outputThatLooksLikeAMarkIsShown()
{
    ctl::ExitMark mark("s3cret");
    QByteArray out = mark.add("a\x1e"
                              "b\x1es3");
    QCOMPARE(out,
        QByteArray("a\x1e"
                   "b"));
    out += mark.add("x");
    QCOMPARE(out,
        QByteArray("a\x1e"
                   "b\x1es3x"));
    out += mark.add("\x1es3c");
    out += mark.finish();
    QCOMPARE(out,
        QByteArray("a\x1e"
                   "b\x1es3x\x1es3c"));
    QVERIFY(!mark.exitCode());
}

void tst_ctl_exec::theCommandKeepsItsWords()
{
    const QStringList wrapped = ctl::ExitMark("s3cret").wrapped(
        { QStringLiteral("echo"), QStringLiteral("a b"), QStringLiteral("$HOME; 'x'") });
    QCOMPARE(wrapped.mid(0, 2), QStringList({ QStringLiteral("/bin/sh"), QStringLiteral("-c") }));
    QCOMPARE(wrapped.mid(4),
        QStringList(
            { QStringLiteral("echo"), QStringLiteral("a b"), QStringLiteral("$HOME; 'x'") }));
}

QTEST_GUILESS_MAIN(tst_ctl_exec)
#include "tst_ctl_exec.moc"
