// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a workspace file; no secret is looked up.
#include "services/settings/workspace.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    using namespace faultline;
    const auto workspace = settings::parseWorkspace(
        fuzz::bytesOf(fuzz::textOf(bytes, size)), QStringLiteral("workspace.yaml"));
    if (!workspace) {
        fuzz::hold(!workspace.error().message.isEmpty(), "an error has words");
        return 0;
    }
    const auto isWeb = [](const QUrl &url) {
        return url.isValid() && !url.host().isEmpty()
            && (url.scheme() == QLatin1StringView("http")
                || url.scheme() == QLatin1StringView("https"));
    };
    fuzz::hold(
        !workspace->gitlab || isWeb(workspace->gitlab->url), "GitLab's address is of the web");
    fuzz::hold(
        !workspace->rancher || isWeb(workspace->rancher->url), "Rancher's address is of the web");
    return 0;
}
