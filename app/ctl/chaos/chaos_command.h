// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "services/cases/plan/plan.h"
#include "services/faults/injection.h"
#include "services/faults/reaper.h"
#include "services/faults/target_pick.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::ctl {

/// `chaos …`: what a case would inject, faults by hand, and the end of every fault.
class ChaosCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    /// A fault is undone whoever is in a hurry.
    [[nodiscard]] bool endsInOrder() const override { return true; }
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    using Verb = domain::Result<int> (ChaosCommand::*)(Context &);

    CLI::App *addVerb(CLI::App &app, const char *name, const char *help, Verb verb);
    void addInject(CLI::App &app);
    void addEnds(CLI::App &app);

    [[nodiscard]] domain::Result<int> plan(Context &context);
    [[nodiscard]] domain::Result<int> kinds(Context &context);
    [[nodiscard]] domain::Result<int> inject(Context &context);
    [[nodiscard]] domain::Result<int> list(Context &context);
    [[nodiscard]] domain::Result<int> show(Context &context);
    [[nodiscard]] domain::Result<int> extend(Context &context);
    [[nodiscard]] domain::Result<int> stop(Context &context);
    [[nodiscard]] domain::Result<int> reap(Context &context);

    [[nodiscard]] domain::Result<cases::Plan> makePlan() const;
    [[nodiscard]] domain::Result<QList<faults::PickedTarget>> resolve(
        Context &context, const faults::TargetWish &wish) const;
    [[nodiscard]] domain::Result<faults::TargetWish> targetWish(Context &context) const;
    [[nodiscard]] domain::Result<int> showWishes(
        Context &context, const QList<faults::InjectionWish> &wishes) const;
    [[nodiscard]] domain::Result<int> tellEnds(
        Context &context, const std::vector<std::unique_ptr<faults::Injection>> &injections) const;
    [[nodiscard]] domain::Result<int> undo(Context &context,
        const QList<faults::KnownFault> &chosen,
        const std::function<QString(const faults::KnownFault &)> &why) const;

    Verb m_verb = nullptr;
    std::string m_case;
    std::vector<std::string> m_set;
    std::optional<std::uint64_t> m_seed;
    std::string m_kind;
    std::string m_stack;
    std::string m_role;
    std::string m_pick = "one";
    std::string m_leaderCommand;
    std::vector<std::string> m_names;
    int m_count = 0;
    std::optional<std::chrono::milliseconds> m_for;
    std::optional<std::chrono::milliseconds> m_lease;
    std::optional<std::chrono::milliseconds> m_wait;
    std::optional<std::chrono::milliseconds> m_by;
    std::vector<std::string> m_ids;
    bool m_dryRun = false;
    bool m_follow = false;
    bool m_detach = false;
    bool m_all = false;
    std::map<std::string, std::string> m_arguments; // of --set, for inject
};

} // namespace faultline::ctl
