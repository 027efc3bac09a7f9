// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"

#include <QSet>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace faultline::net {

/// How to read a list that comes in pages.
struct PagePlan
{
    HttpRequest first; ///< the request of the first page
    /// Finds the next link in a body (Rancher's `pagination.next`: facts rancher.md §3); an empty
    /// link ends the list. Without it the headers Link and X-Next-Page are used (facts gitlab.md
    /// §8).
    std::function<domain::Result<QByteArray>(const QByteArray &body)> nextInBody;
    int maxPages = 1000; ///< a longer list ends with ErrorKind::Server
    int wantedPages
        = 1000; ///< as many as the caller expects to use: none further is asked for in advance
    int atOnce = 8; ///< pages of an offset list that are asked for at the same time; 1: one after
                    ///< the other
};

/// Hands out the pages of a list in order and asks for further ones meanwhile: several at once when
/// the server pages by numbers, else the next one as soon as its link is known. Links are followed
/// on the client's server only, and a link that leads back to an earlier page ends the list with an
/// error. Pages that arrived are kept: after an error, next() goes on where it stopped. The client
/// must outlive the walker; on the client's thread.
class PageWalker
{
public:
    PageWalker(HttpClient &client, PagePlan plan);
    ~PageWalker();
    PageWalker(const PageWalker &) = delete;
    PageWalker &operator=(const PageWalker &) = delete;

    /// The next page, or nothing when the list is over. One at a time: a second next() replaces a
    /// waiting one.
    [[nodiscard]] Call next(domain::Done<std::optional<HttpResponse>> done);

    /// Indexes of pages that arrived before the page in front of them, so that a row may have moved
    /// from the one to the other unseen (when the list grew at its front meanwhile).
    [[nodiscard]] const std::vector<int> &overtaken() const { return m_overtaken; }
    /// The address of a page that was asked for; the first has index 0.
    [[nodiscard]] QString pathOf(int index) const { return m_paths.at(index); }

    /// Pages handed out so far.
    [[nodiscard]] int delivered() const { return m_cursor; }

private:
    using Pages = std::map<int, domain::Result<HttpResponse>>;

    void ask(int index, const QString &path);
    void askAhead();
    void take(int index, domain::Result<HttpResponse> result);
    void learnNext(int index, const HttpResponse &page);
    [[nodiscard]] domain::Result<QString> nextPath(int index, const HttpResponse &page) const;
    void chainTo(int index, const QString &path);
    void endAfter(int index);
    void deliver();

    HttpClient &m_client;
    PagePlan m_plan;
    std::map<int, QString> m_paths; // known addresses by index
    QSet<QString> m_visited;
    std::map<int, Call> m_calls;
    Pages m_arrived;
    std::map<int, domain::Error> m_linkErrors; // why there is no page after index - 1
    std::optional<int> m_pageCount; // index behind the last page, once known
    int m_firstNumber = 0; // `page` of index 0 while the server pages by numbers, else 0
    int m_claimedPages = 0; // by X-Total-Pages, 0 when unknown
    int m_window = 1;
    int m_cursor = 0;
    std::vector<int> m_overtaken;
    bool m_isPaused = false; // an error was handed out
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
    std::optional<Promise<std::optional<HttpResponse>>> m_waiting;
};

/// Reads all pages: `onPage` for each in order, then `done` with their number. Pages that were
/// handed out before an error stay handed out.
[[nodiscard]] Call forEachPage(HttpClient &client, PagePlan plan,
    std::function<void(const HttpResponse &)> onPage, domain::Done<int> done);

} // namespace faultline::net
