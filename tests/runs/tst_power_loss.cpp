// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/event_lines.h"
#include "services/runs/record/event_log.h"
#include "services/runs/record/plain_file.h"

#include <QByteArray>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <climits>
#include <cstdio>
#include <filesystem>

#include <sys/wait.h>
#include <unistd.h>

using namespace faultline::runs;

namespace {

/// What a disk still has after the power was lost: nothing but what was synced. Beside each synced
/// file lies its copy of that moment, "FILE.disk".
struct Disk
{
    int syncs = 0;
    int lossAt = 0; ///< the sync at which the power goes; 0 = never
    bool isLying = false; ///< says that it synced and did not: the negative control
};
Disk disk;

std::string pathOf(int file)
{
    char target[PATH_MAX] = {};
    const std::string link = "/proc/self/fd/" + std::to_string(file);
    return readlink(link.c_str(), target, sizeof target - 1) > 0 ? target : "";
}

int sync(int file)
{
    if (++disk.syncs == disk.lossAt)
        _exit(0);
    const std::string path = pathOf(file);
    std::error_code error;
    if (!disk.isLying && std::filesystem::is_regular_file(path, error))
        std::filesystem::copy_file(
            path, path + ".disk", std::filesystem::copy_options::overwrite_existing, error);
    return 0;
}

} // namespace

// The program's own, in place of the C library's.
extern "C" int fsync(int file)
{
    return sync(file);
}
extern "C" int fdatasync(int file)
{
    return sync(file);
}

/// Row R18: what a run told is there after the power was lost, wherever that happens.
class tst_power_loss : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatTheLogHeardIsOnTheDisk();
    void aDiskThatLiesLosesIt();
    void aReplacedFileIsWholeOnTheDiskBeforeItsNameIs();

private:
    [[nodiscard]] static int lost(const QString &folder, const Disk &how, bool &isOver);
};

/// A child writes a run's events on such a disk; how many of those that its log showed are not on
/// it.
int tst_power_loss::lost(const QString &folder, const Disk &how, bool &isOver)
{
    const std::string file = QFile::encodeName(folder).toStdString() + "/events.jsonl";
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    const pid_t child = fork();
    if (child == 0) {
        disk = how;
        EventLog events("0123456789abcdef", [&](const std::string &sentence, const std::string &) {
            const std::string line = sentence + '\n';
            if (::write(ends[1], line.data(), line.size()) < 0)
                _exit(3);
        });
        if (events.open(file))
            _exit(2);
        for (int number = 0; number < 30; ++number) {
            const bool isMeasurement = number % 3 == 1;
            events.write(isMeasurement ? "probe.second" : "phase.begin", { { "number", number } },
                isMeasurement ? "" : std::to_string(number));
        }
        _exit(1);
    }
    close(ends[1]);
    QFile told;
    if (!told.open(ends[0], QIODevice::ReadOnly, QFile::AutoCloseHandle))
        return -1;
    const QList<QByteArray> heard = told.readAll().split('\n');
    int status = 0;
    waitpid(child, &status, 0);
    isOver = WIFEXITED(status) && WEXITSTATUS(status) == 1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
        return -1;
    QByteArray there = "\n";
    for (const Json &event : readEventLines(file + ".disk").rows)
        there += QByteArray::number(event.at("number").get<int>()) + '\n';
    int out = 0;
    for (const QByteArray &number : heard)
        out += number.isEmpty() || there.contains('\n' + number + '\n') ? 0 : 1;
    return out;
}

void tst_power_loss::whatTheLogHeardIsOnTheDisk()
{
    int boundaries = 0;
    for (bool isOver = false; !isOver; ++boundaries) {
        const QTemporaryDir folder;
        QCOMPARE(lost(folder.path(), { 0, boundaries + 1, false }, isOver), 0);
        QVERIFY(boundaries < 100);
    }
    qInfo("power lost at each of %d syncs", boundaries - 1);
    QVERIFY(boundaries > 20);
}

void tst_power_loss::aDiskThatLiesLosesIt()
{
    const QTemporaryDir folder;
    bool isOver = false;
    QVERIFY(lost(folder.path(), { 0, 10, true }, isOver) > 0);
}

void tst_power_loss::aReplacedFileIsWholeOnTheDiskBeforeItsNameIs()
{
    const QTemporaryDir folder;
    const std::string path = QFile::encodeName(folder.filePath(QStringLiteral("a"))).toStdString();
    disk = {};
    QVERIFY(!replaceFile(path, "old", true));
    QVERIFY(!replaceFile(path, "new", true));
    QCOMPARE(disk.syncs, 4); // the bytes, then the folder that holds the name, twice
    QFile bytes(QString::fromStdString(path) + QStringLiteral(".new.disk"));
    QVERIFY(bytes.open(QIODevice::ReadOnly));
    QCOMPARE(bytes.readAll(), "new");
}

QTEST_GUILESS_MAIN(tst_power_loss)
#include "tst_power_loss.moc"
