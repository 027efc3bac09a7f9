// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/shared_work.h"

#include <new>
#include <sys/mman.h>

namespace faultline::agent {

SharedWork::SharedWork()
{
    void *const memory
        = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED)
        m_page = new (memory) Page{};
}

SharedWork::~SharedWork()
{
    if (m_page != nullptr)
        ::munmap(m_page, sizeof(Page));
}

void SharedWork::setEnd(BootClock::time_point end)
{
    m_page->end.store(end.time_since_epoch().count());
}

BootClock::time_point SharedWork::end() const
{
    return BootClock::time_point(BootClock::duration(m_page->end.load()));
}

void SharedWork::add(std::uint64_t amount)
{
    m_page->done.fetch_add(amount, std::memory_order_relaxed);
}

std::uint64_t SharedWork::done() const
{
    return m_page->done.load(std::memory_order_relaxed);
}

} // namespace faultline::agent
