// SPDX-License-Identifier: GPL-3.0-or-later
// Headers of an answer, "Name: value" a line: the next page, and the limits of requests.
#include "services/net/page_links.h"
#include "services/net/rate_limits.h"
#include "services/stacks/rancher/rancher_paths.h"
#include "tests/fuzz/fuzz_input.h"

using namespace faultline;

namespace {

net::HttpResponse answerWith(const QByteArray &lines)
{
    net::HttpResponse answer;
    for (const QByteArray &line : lines.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0)
            answer.headers.append({ line.left(colon), line.mid(colon + 1).trimmed() });
    }
    return answer;
}

void checkPages(const QByteArray &link)
{
    const QString path = QString::fromLatin1(link);
    (void)net::isKeyset(path);
    (void)net::pageNumberIn(path);
    fuzz::hold(net::withPageNumber(path, 7).contains(QStringLiteral("page=7")),
        "a page's number can be set");
    const auto anchored
        = stacks::rancher::pathOfLink(path, QUrl(QStringLiteral("https://rancher.example.org")));
    fuzz::hold(!anchored || anchored->startsWith(u'/'), "a link's path begins at the root");
    net::ServerSettings settings;
    settings.origin = QUrl(QStringLiteral("https://gitlab.example.org:8443/prefix"));
    static const net::HttpClient client(settings);
    const auto kept = client.anchored(link);
    fuzz::hold(!kept || kept->startsWith(u'/'), "an anchored link is a path");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    const net::HttpResponse answer = answerWith(fuzz::bytesOf(fuzz::textOf(bytes, size)));
    const QByteArray link = net::nextLink(answer);
    if (!link.isEmpty())
        checkPages(link);
    static const QDateTime now = QDateTime::fromSecsSinceEpoch(1'700'000'000, Qt::UTC);
    const net::RateLimits limits = net::rateLimitsOf(answer, now);
    fuzz::hold(!limits.retryAt || *limits.retryAt >= now, "nobody is sent back in time");
    fuzz::hold(!limits.retryAt || limits.retryAt->isValid(), "a time to come back is a time");
    return 0;
}
