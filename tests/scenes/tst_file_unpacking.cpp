// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/container_files.h"
#include "services/scenes/file_unpacking.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <archive.h>
#include <archive_entry.h>

using namespace faultline::scenes;

namespace {

struct Entry
{
    QByteArray name;
    QByteArray bytes = {};
    unsigned type = AE_IFREG;
    QByteArray link = {};
};

void add(archive *out, const Entry &entry)
{
    archive_entry *row = archive_entry_new();
    archive_entry_set_pathname(row, entry.name.constData());
    archive_entry_set_filetype(row, entry.type);
    archive_entry_set_perm(row, 0777);
    archive_entry_set_size(row, entry.bytes.size());
    if (entry.type == AE_IFLNK)
        archive_entry_set_symlink(row, entry.link.constData());
    else if (!entry.link.isEmpty())
        archive_entry_set_hardlink(row, entry.link.constData());
    archive_write_header(out, row);
    archive_write_data(out, entry.bytes.constData(), static_cast<std::size_t>(entry.bytes.size()));
    archive_entry_free(row);
}

} // namespace

/// A tar of a container is written by whoever broke the container.
class tst_file_unpacking : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void plainFilesAreTakenWithTheirFolders();
    void nothingIsWrittenOutsideAndNoLinkIsMade();
    void whatIsTooMuchIsTold();
    void anArchiveThatEndsEarlyIsTold();
    void secretsAreMaskedInTextOnly();
    void coreFilesAreFoundAmongChanges();

private:
    [[nodiscard]] QString tarOf(const QList<Entry> &entries) const;
    [[nodiscard]] QByteArray file(const QString &name) const;

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_target;
};

void tst_file_unpacking::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_target = m_folder->filePath(QStringLiteral("in/target"));
    QVERIFY(QDir().mkpath(m_target));
}

QString tst_file_unpacking::tarOf(const QList<Entry> &entries) const
{
    const QString path = m_folder->filePath(QStringLiteral("x.tar"));
    archive *out = archive_write_new();
    archive_write_set_format_pax_restricted(out);
    archive_write_open_filename(out, qPrintable(path));
    for (const Entry &entry : entries)
        add(out, entry);
    archive_write_free(out);
    return path;
}

QByteArray tst_file_unpacking::file(const QString &name) const
{
    QFile file(m_target + u'/' + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
}

void tst_file_unpacking::plainFilesAreTakenWithTheirFolders()
{
    const auto out = unpackFiles(
        tarOf({ { "conf/", {}, AE_IFDIR }, { "conf/a", "one" }, { "conf/deep/b", "two" } }),
        m_target, {});
    QCOMPARE(out.files, 2);
    QCOMPARE(out.missing, QStringList());
    QCOMPARE(file(QStringLiteral("conf/a")), "one");
    QCOMPARE(file(QStringLiteral("conf/deep/b")), "two");
}

void tst_file_unpacking::nothingIsWrittenOutsideAndNoLinkIsMade()
{
    const QByteArray absolute = m_folder->filePath(QStringLiteral("absolute")).toUtf8();
    const auto out
        = unpackFiles(tarOf({ { "../climbed", "x" }, { "a/../../climbed", "x" }, { absolute, "x" },
                          { "link", {}, AE_IFLNK, ".." }, { "link/through", "x" },
                          { "hard", {}, AE_IFREG, "good" }, { "pipe", {}, AE_IFIFO },
                          { "good", "fine" }, { "good", "again" } }),
            m_target, {});
    QCOMPARE(
        QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::System),
        QStringList({ QStringLiteral("in"), QStringLiteral("x.tar") }));
    QCOMPARE(QDir(m_folder->filePath(QStringLiteral("in")))
                 .entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
        QStringList{ QStringLiteral("target") });
    QVERIFY(!QFileInfo(m_target + QStringLiteral("/link")).isSymLink());
    QCOMPARE(file(QStringLiteral("good")), "fine");
    QCOMPARE(file(QStringLiteral("link/through")), "x"); // a folder of that name, inside
    QCOMPARE(out.files, 2);
    QCOMPARE(out.missing.size(), 7);
}

void tst_file_unpacking::whatIsTooMuchIsTold()
{
    const QString tar = tarOf({ { "a", "12345" }, { "b", "12345" }, { "c", "12345" } });
    const auto few = unpackFiles(tar, m_target + QStringLiteral("/few"), {}, { 2, 1'000, 1'000 });
    QCOMPARE(few.files, 2);
    QVERIFY2(few.missing.join(u'|').contains(QStringLiteral("too much")),
        qPrintable(few.missing.join(u'|')));
    const auto small = unpackFiles(tar, m_target + QStringLiteral("/small"), {}, { 10, 12, 1'000 });
    QCOMPARE(small.files, 2);
    QCOMPARE(small.missing.size(), 1);
    QVERIFY(!QFile::exists(m_target + QStringLiteral("/small/c")));
}

void tst_file_unpacking::anArchiveThatEndsEarlyIsTold()
{
    const QString tar = tarOf({ { "a", QByteArray(100'000, 'x') } });
    QFile cut(tar);
    QVERIFY(cut.resize(20'000));
    const auto out = unpackFiles(tar, m_target, {});
    QCOMPARE(out.files, 0);
    QCOMPARE(out.missing.size(), 1);
    QVERIFY(!QFile::exists(m_target + QStringLiteral("/a")));
}

void tst_file_unpacking::secretsAreMaskedInTextOnly()
{
    const QByteArray binary("\0password=hunter2", 17);
    const auto out = unpackFiles(
        tarOf({ { "text", "user: a\npassword: hunter2\nkey sesame-open\n" }, { "core", binary } }),
        m_target, { "sesame-open" });
    QCOMPARE(out.files, 2);
    QCOMPARE(file(QStringLiteral("text")), "user: a\npassword: ***\nkey ***\n");
    QCOMPARE(file(QStringLiteral("core")), binary);
}

void tst_file_unpacking::coreFilesAreFoundAmongChanges()
{
    QCOMPARE(coreFilesIn(R"([{"Path":"/data","Kind":1},{"Path":"/data/core","Kind":1},
        {"Path":"/core.17","Kind":1},{"Path":"/tmp/etcd.core","Kind":0},{"Path":"/old/core","Kind":2},
        {"Path":"/etc/core-files.conf","Kind":1},{"Path":7}])"),
        QStringList({ QStringLiteral("/data/core"), QStringLiteral("/core.17"),
            QStringLiteral("/tmp/etcd.core") }));
    QCOMPARE(coreFilesIn("no json"), QStringList());
}

QTEST_GUILESS_MAIN(tst_file_unpacking)
#include "tst_file_unpacking.moc"
