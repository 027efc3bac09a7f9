// SPDX-License-Identifier: GPL-3.0-or-later
// Reads docker-compose and, behind a NUL, rancher-compose as the lab does; writes labels as
// faultlinectl does.
#include "services/lab/rancher/compose_reader.h"
#include "services/stacks/compose_labels.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    using namespace faultline;
    const auto [docker, rancher] = fuzz::twoTexts(fuzz::textOf(bytes, size));
    const auto services
        = lab::readCompose(docker, rancher, { { "IMAGE", "etcd:3.4" }, { "EMPTY", "" } });
    fuzz::hold(services || !services.error().message.empty(), "an error has words");

    const QMap<QString, QString> labels{ { QStringLiteral("faultline.run"),
        QStringLiteral("r$1") } };
    const auto labelled = stacks::withLabels(
        QString::fromStdString(docker), labels, QStringLiteral("docker-compose.yml"));
    if (!labelled)
        return 0;
    fuzz::hold(
        stacks::withLabels(*labelled, labels, {}).has_value(), "what was written can be read");
    return 0;
}
