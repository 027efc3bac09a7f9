// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <sys/types.h>

namespace faultline::agent {

/// A forked process of the agent that ends with it: killed by the destructor, and by the kernel
/// when the agent is killed.
class Child
{
public:
    Child() = default;
    Child(Child &&other) noexcept;
    Child &operator=(Child &&other) noexcept;
    ~Child();

    /// Runs the function in a child that has no descriptors but the standard ones. `atDeath`: the
    /// signal that the child gets when the agent dies. `keep`: a descriptor that stays open. False:
    /// there can't be another process.
    [[nodiscard]] bool start(const std::function<void()> &function, int atDeath, int keep = -1);
    void kill();
    [[nodiscard]] bool isAlive();
    [[nodiscard]] pid_t number() const { return m_number; }

private:
    pid_t m_number = 0;
};

} // namespace faultline::agent
