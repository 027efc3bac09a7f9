// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ref_watcher.h"

#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

namespace faultline::lab {

RefWatcher::RefWatcher(GitLabContext &context, PipelineStarter &starter)
    : m_context(context)
    , m_starter(starter)
{
}

void RefWatcher::load()
{
    m_known = m_context.store.knownRefs();
}

void RefWatcher::check()
{
    if (std::exchange(m_looking, true)) {
        m_again = true;
        return;
    }
    m_context.workers.run([this, repository = m_context.repository, before = m_fingerprint] {
        using Refs = std::map<std::string, std::string>;
        // Taken before the refs are read: a change in between is seen again.
        std::string print = repository.fingerprint();
        auto refs = print == before ? tl::expected<Refs, std::string>(tl::unexpected(std::string()))
                                    : repository.refs();
        m_context.server.post([this, print = std::move(print), refs = std::move(refs)] {
            m_looking = false;
            if (refs) {
                m_fingerprint = print;
                compare(*refs);
            }
            if (std::exchange(m_again, false))
                check();
        });
    });
}

void RefWatcher::compare(const std::map<std::string, std::string> &refs)
{
    const auto known = std::exchange(m_known, refs);
    for (const auto &[ref, sha] : refs) {
        const auto before = known.find(ref);
        if (before == known.end() || before->second != sha)
            startFor(ref, before == known.end() ? std::string() : before->second);
    }
}

void RefWatcher::startFor(const std::string &ref, const std::string &before)
{
    PipelineRequest request;
    request.source = "push";
    request.ref = ref;
    request.beforeSha = before;
    request.keepBroken = true;
    ++m_starting;
    m_starter.start(
        std::move(request), [this](const tl::expected<PipelineRecord, std::string> &pipeline) {
            try {
                if (pipeline)
                    m_context.progress.cancelRedundant(*pipeline);
                // Only now: a lab that dies in between sees the push again.
                if (--m_starting == 0)
                    m_context.store.saveKnownRefs(m_known);
            } catch (const StoreFailure &failure) {
                std::fprintf(stderr, "faultline-lab: the database failed after a push: %s\n",
                    failure.what());
            }
        });
}

} // namespace faultline::lab
