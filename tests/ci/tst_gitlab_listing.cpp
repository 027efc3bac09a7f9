// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ci/gitlab_script.h"

#include <QTest>
#include <QUrlQuery>

#include <algorithm>
#include <optional>

using namespace faultline;
using namespace faultline::tests;

namespace {

/// The jobs of a project as GitLab lists them: page numbers without totals up to 50,000 rows and
/// status 405 beyond, keyset pages with a cursor of the server's own. Job ids are 7 apart.
class JobPages
{
public:
    explicit JobPages(FaultServer &server, int rows)
        : m_server(server)
        , m_rows(rows)
    {
        server.answerBy([this](const Received &request) { return answerTo(request); });
    }

    static qint64 idOf(int row) { return 1'000'000 - 7LL * row; }

    /// `count` jobs appear in front of the list between the readings of page `page` + 1 and of page
    /// `page`, which the server answers last although it was asked for first.
    void growAt(int page, int count)
    {
        m_growAt = page;
        m_growBy = count;
    }

private:
    [[nodiscard]] static QByteArray rows(int from, int to)
    {
        QByteArray out = "[";
        for (int row = from; row < to; ++row)
            out += (row > from ? ",{\"id\":" : "{\"id\":") + QByteArray::number(idOf(row))
                + ",\"status\":\"success\"}";
        return out + "]";
    }

    [[nodiscard]] Answer page(int from, const QByteArray &next) const
    {
        Answer out = json(rows(from, std::min(from + 100, m_rows)));
        if (from + 100 < m_rows)
            out.with("Link", "<" + m_server.url().toEncoded() + next + ">; rel=\"next\"");
        return out;
    }

    [[nodiscard]] std::optional<Answer> answerTo(const Received &request)
    {
        const QUrlQuery query(QString::fromLatin1(request.query));
        const QByteArray path = request.path + "?per_page=100&";
        if (query.hasQueryItem(QStringLiteral("pagination"))) {
            const int from = query.queryItemValue(QStringLiteral("cursor")).toInt();
            return page(from,
                path + "pagination=keyset&order_by=id&sort=desc&cursor="
                    + QByteArray::number(from + 100));
        }
        const int number = std::max(1, query.queryItemValue(QStringLiteral("page")).toInt());
        if (number > 500)
            return json(
                "{\"error\":\"Offset pagination has a maximum allowed offset of 50000\"}", 405);
        const bool isLate = m_growAt == number && !m_hasGrown;
        const bool isAfter = isLate || m_hasGrown;
        const int from = (isAfter ? -m_growBy : 0) + (number - 1) * 100; // rows below 0 are newer
        Answer out = page(from, path + "page=" + QByteArray::number(number + 1));
        if (isLate)
            out.delay = std::chrono::milliseconds(300);
        m_hasGrown = m_hasGrown || (m_growAt > 0 && number > m_growAt + 4);
        return out;
    }

    FaultServer &m_server;
    int m_rows;
    bool m_hasGrown = false;
    int m_growAt = 0;
    int m_growBy = 0;
};

} // namespace

/// Long lists of jobs through GitLabBackend.
class TestGitLabListing : public QObject
{
    Q_OBJECT

    [[nodiscard]] domain::Result<QList<domain::Job>> list(const FaultServer &server, int limit)
    {
        const auto backend = gitlabBackend(server.url());
        std::optional<domain::Result<QList<domain::Job>>> out;
        const net::Call call
            = backend->jobs(limit, [&](auto jobs) { out.emplace(std::move(jobs)); });
        if (!QTest::qWaitFor([&] { return out.has_value(); }, 120'000))
            return domain::failure(domain::ErrorKind::Timeout, QStringLiteral("no answer at all"));
        return *out;
    }

private Q_SLOTS:
    void pagesAreAskedForAtOnceAndNoneBeyondTheLimit()
    {
        FaultServer server;
        const JobPages pages(server, 10'000);
        const auto jobs = list(server, 3'000);
        QVERIFY(jobs.has_value());
        QCOMPARE(jobs->size(), 3'000);
        QCOMPARE(jobs->last().id.value(), JobPages::idOf(2'999));
        QVERIFY2(server.requestCount() <= 32,
            QByteArray::number(server.requestCount())); // 30, and a look for gaps
        QVERIFY(server.mostAtOnce() <= 8);
    }

    void sixtyThousandJobsEqualWhatTheServerHas()
    {
        // Page numbers end at 50,000 rows with status 405: the keyset pages complete the list.
        FaultServer server;
        const JobPages pages(server, 60'000);
        const auto jobs = list(server, 100'000);
        QVERIFY2(jobs.has_value(), jobs ? "" : qPrintable(jobs.error().message));
        QCOMPARE(jobs->size(), 60'000);
        for (int row = 0; row < 60'000; ++row)
            QCOMPARE(jobs->at(row).id.value(), JobPages::idOf(row));
        QVERIFY(server.mostAtOnce() <= 8);
    }

    void aListThatGrowsWhileItIsReadLosesNoRow()
    {
        FaultServer server;
        JobPages pages(server, 2'000);
        pages.growAt(6, 3);
        const auto jobs = list(server, 10'000);
        QVERIFY(jobs.has_value());
        QSet<qint64> ids;
        for (const domain::Job &job : *jobs)
            ids.insert(job.id.value());
        QCOMPARE(ids.size(), jobs->size()); // none twice
        for (int row = 0; row < 2'000; ++row)
            QVERIFY2(ids.contains(JobPages::idOf(row)), QByteArray::number(row));
    }
};

QTEST_GUILESS_MAIN(TestGitLabListing)
#include "tst_gitlab_listing.moc"
