// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <optional>
#include <string>

namespace faultline::ctl {

/// `pipelines [PIPELINE]`: which there are, or one of them.
class PipelinesCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<int> showAll(Context &context) const;
    [[nodiscard]] domain::Result<int> showOne(Context &context) const;
    [[nodiscard]] domain::Result<int> remove(Context &context) const;

    qint64 m_pipeline = 0;
    bool m_remove = false;
    int m_limit = 20;
    std::string m_ref;
    std::string m_status;
    std::string m_source;
    std::string m_user;
    std::optional<std::chrono::milliseconds> m_since;
};

} // namespace faultline::ctl
