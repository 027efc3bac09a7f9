// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/parse_page.h"

#include "services/ci/gitlab/gitlab_parse.h"
#include "tests/bench/measured_process.h"
#include "tests/bench/page_server.h"
#include "tests/bench/race.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace faultline::bench {

namespace {

constexpr int pages = 100;
constexpr int rounds = 15;

/// The same values, read the way QJsonDocument offers.
QList<domain::Job> parseWithQt(const QByteArray &json)
{
    QList<domain::Job> out;
    const QJsonArray array = QJsonDocument::fromJson(json).array();
    for (const QJsonValue &value : array) {
        const QJsonObject object = value.toObject();
        const auto text = [&object](const char *key) {
            return object.value(QLatin1StringView(key)).toString();
        };
        const auto time = [&text](const char *key) {
            return QDateTime::fromString(text(key), Qt::ISODateWithMs);
        };
        domain::Job job;
        job.id = domain::JobId(object.value(QLatin1StringView("id")).toInteger());
        const QJsonObject pipeline = object.value(QLatin1StringView("pipeline")).toObject();
        job.pipelineId = domain::PipelineId(pipeline.value(QLatin1StringView("id")).toInteger());
        job.name = text("name");
        job.stage = text("stage");
        job.ref = text("ref");
        const QJsonObject commit = object.value(QLatin1StringView("commit")).toObject();
        job.sha = commit.value(QLatin1StringView("id")).toString();
        job.commitTitle = commit.value(QLatin1StringView("title")).toString();
        job.userName = object.value(QLatin1StringView("user"))
                           .toObject()
                           .value(QLatin1StringView("username"))
                           .toString();
        job.status = domain::OpenEnum<domain::CiStatus>::fromText(text("status"));
        job.createdAt = time("created_at");
        job.startedAt = time("started_at");
        job.finishedAt = time("finished_at");
        job.webUrl = text("web_url");
        const QJsonObject runner = object.value(QLatin1StringView("runner")).toObject();
        job.runnerId = domain::RunnerId(runner.value(QLatin1StringView("id")).toInteger());
        job.runnerName = runner.value(QLatin1StringView("description")).toString();
        for (const QJsonValue tag : object.value(QLatin1StringView("tag_list")).toArray())
            job.tags += tag.toString();
        out += job;
    }
    return out;
}

template <typename Parse>
double megabytesPerSecond(const QByteArray &page, Parse parse)
{
    std::vector<double> rates;
    for (int round = 0; round <= rounds; ++round) {
        QElapsedTimer timer;
        timer.start();
        qsizetype jobs = 0;
        for (int i = 0; i < pages; ++i)
            jobs += parse(page).size();
        const double seconds = double(timer.nsecsElapsed()) / 1e9;
        if (jobs != 100 * pages)
            return 0;
        if (round > 0)
            rates.push_back(double(page.size()) * pages / 1e6 / seconds);
    }
    return median(std::move(rates));
}

double nodeRate(const QByteArray &page)
{
    char path[] = "/tmp/faultline-bench-XXXXXX";
    const int descriptor = mkstemp(path);
    if (descriptor < 0)
        return 0;
    std::ofstream(path, std::ios::binary).write(page.constData(), page.size());
    const Cost cost = measure({ "node", "-e",
        "const text=require('fs').readFileSync(process.argv[1],'utf8');const rates=[];"
        "for(let r=0;r<=15;r++){const t=process.hrtime.bigint();let n=0;"
        "for(let i=0;i<100;i++)n+=JSON.parse(text).length;if(n!==10000)process.exit(1);"
        "const s=Number(process.hrtime.bigint()-t)/1e9;if(r)rates.push(text.length*100/1e6/s);}"
        "rates.sort((a,b)=>a-b);console.log(rates[7])",
        path });
    std::remove(path);
    return cost.exitCode == 0 ? std::atof(cost.out.c_str()) : 0;
}

} // namespace

void parsePageRow()
{
    QByteArray page = QByteArray::fromStdString(jobPage(5'000'000'000, 100));
    page.reserve(page.size() + 64); // as net::BodyCollector hands a page over
    std::printf("P6 JSON page -> values (%.0f KB x %d, median of %d)\n", double(page.size()) / 1e3,
        pages, rounds);
    const double ours = megabytesPerSecond(page, [](const QByteArray &json) {
        return ci::gitlab::parseJobs(json, QString()).value_or(QList<domain::Job>());
    });
    const double qt = megabytesPerSecond(page, parseWithQt);
    std::printf("  %-34s %9.1f MB/s\n", "ours (domain values)", ours);
    std::printf("  %-34s %9.1f MB/s   ours is %.1f times\n", "QJsonDocument (the same values)", qt,
        ours / qt);
    if (!isInstalled("node")) {
        std::printf("  node is not installed: skipped\n");
        return;
    }
    const double node = nodeRate(page);
    std::printf("  %-34s %9.1f MB/s   ours is %.1f times\n", "node JSON.parse (objects only)", node,
        ours / node);
    std::fflush(stdout);
}

} // namespace faultline::bench
