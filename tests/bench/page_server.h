// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include <sys/types.h>

namespace faultline::bench {

/// A page of `count` GitLab jobs as the server writes them (about 2.9 KB each), ids downwards from
/// `first`. The same bytes in every run.
[[nodiscard]] std::string jobPage(long first, int count);

/// A small fast HTTP server in a process of its own on 127.0.0.1: GET …/jobs of `jobs` jobs with
/// page and keyset paging, and Rancher's lists with 100 containers. Each answer waits `latency`.
class PageServer
{
public:
    PageServer(int jobs, std::chrono::milliseconds latency);
    ~PageServer();
    PageServer(const PageServer &) = delete;
    PageServer &operator=(const PageServer &) = delete;

    [[nodiscard]] std::string url() const;

private:
    pid_t m_process = -1;
    int m_port = 0;
};

} // namespace faultline::bench
