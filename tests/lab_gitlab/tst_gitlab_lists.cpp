// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "services/lab/gitlab/paging.h"
#include "services/lab/gitlab/pipeline_store.h"

using namespace faultline::lab;

class TestGitLabLists : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void filtersAndOrdersArePutTogether();
    void keysetPagesSeeEveryJobOnce();
    void pageHeadersFollowGitLab();
    void linksNeverRepeatAToken();
};

namespace {

std::string headerOf(const Response &response, const char *name)
{
    for (const auto &[key, value] : response.headers)
        if (key == name)
            return value;
    return "none";
}

} // namespace

void TestGitLabLists::filtersAndOrdersArePutTogether()
{
    const QTemporaryDir folder;
    PipelineStore store(folder.filePath(QStringLiteral("gitlab.db")).toStdString());
    for (int i = 1; i <= 6; ++i) {
        PipelineRecord pipeline;
        pipeline.ref = i % 2 == 0 ? "main" : "other";
        pipeline.source = "api";
        pipeline.status = i < 3 ? "success" : "running";
        pipeline.updated = 1000 - i;
        store.insert(pipeline);
        QCOMPARE(pipeline.iid, i);
    }
    PipelineFilter filter;
    filter.ref = "main";
    filter.status = "running";
    filter.orderBy = "updated_at";
    const auto found = store.pipelines(filter, { 0, 10 });
    QCOMPARE(found.size(), 2U);
    QCOMPARE(found[0].id, 4);
    QCOMPARE(found[1].id, 6);
    QCOMPARE(store.countPipelines(filter), 2);
    filter.updatedAfter = 995;
    QCOMPARE(store.countPipelines(filter), 1);
    PipelineFilter others;
    others.ref = "other";
    QCOMPARE(store.pipelines(others, { 0, 1 }).front().id, 5);
}

void TestGitLabLists::keysetPagesSeeEveryJobOnce()
{
    const QTemporaryDir folder;
    PipelineStore store(folder.filePath(QStringLiteral("gitlab.db")).toStdString());
    PipelineRecord pipeline;
    store.insert(pipeline);
    for (int i = 1; i <= 25; ++i) {
        JobRecord job;
        job.pipeline = pipeline.id;
        job.token = "t" + std::to_string(i);
        job.status = i % 5 == 0 ? "failed" : "success";
        store.insert(job, "{}");
    }
    std::vector<std::int64_t> seen;
    JobFilter filter;
    filter.scopes = { "success" };
    for (;;) {
        const auto page = store.jobs(filter, { 0, 7 });
        if (page.empty())
            break;
        for (const JobRecord &job : page)
            seen.push_back(job.id);
        filter.cursor = page.back().id;
    }
    QCOMPARE(seen.size(), 20U);
    QVERIFY(std::is_sorted(seen.rbegin(), seen.rend()));
    QCOMPARE(store.jobByToken("t7")->id, 7);
}

void TestGitLabLists::pageHeadersFollowGitLab()
{
    Request request;
    request.origin = "http://127.0.0.1:1";
    request.path = "/api/v4/projects/1/pipelines";
    request.query = { { "page", "2" }, { "per_page", "10" }, { "status", "running" } };
    const Page page = Page::of(request);
    Response response;
    addPageHeaders(response, request, page, true, 35);
    QCOMPARE(headerOf(response, "X-Total"), std::string("35"));
    QCOMPARE(headerOf(response, "X-Total-Pages"), std::string("4"));
    QCOMPARE(headerOf(response, "X-Next-Page"), std::string("3"));
    QVERIFY(headerOf(response, "Link")
                .find("<http://127.0.0.1:1/api/v4/projects/1/"
                      "pipelines?status=running&page=4&per_page=10>; rel=\"last\"")
        != std::string::npos);
    Response large;
    addPageHeaders(large, request, page, true, 10'001);
    QCOMPARE(headerOf(large, "X-Total"), std::string("none"));
    QVERIFY(headerOf(large, "Link").find("rel=\"last\"") == std::string::npos);
}

void TestGitLabLists::linksNeverRepeatAToken()
{
    Request request;
    request.query = { { "private_token", "glpat-secret" }, { "per_page", "1000" } };
    Response response;
    const Page page = Page::of(request);
    QCOMPARE(page.size, 100);
    addPageHeaders(response, request, page, true, std::nullopt);
    QVERIFY(headerOf(response, "Link").find("secret") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestGitLabLists)
#include "tst_gitlab_lists.moc"
