// SPDX-License-Identifier: GPL-3.0-or-later
// Answers of GitLab and Rancher become rows; the first byte says which kind. Bytes with room behind
// them are read in place, others are copied first: both must say the same.
#include "services/ci/gitlab/gitlab_parse.h"
#include "services/stacks/rancher/rancher_parse.h"
#include "tests/fuzz/fuzz_input.h"

#include <array>

using namespace faultline;

namespace {

template <auto Parse>
void read(const QByteArray &tight, const QByteArray &roomy)
{
    const QString where = QStringLiteral("GET /x");
    const auto one = Parse(tight, where);
    const auto other = Parse(roomy, where);
    fuzz::hold(one.has_value() == other.has_value(), "room behind an answer changes nothing");
    if (!one)
        fuzz::hold(!one.error().message.isEmpty(), "an error has words");
    else if constexpr (requires { *one == *other; })
        fuzz::hold(*one == *other, "room behind an answer changes no row");
    else if constexpr (requires { one->items == other->items; })
        fuzz::hold(one->items == other->items && one->next == other->next, "room changes no row");
}

void readEvent(const QByteArray &tight, const QByteArray &roomy)
{
    const auto one = stacks::rancher::parseEvent(tight);
    const auto other = stacks::rancher::parseEvent(roomy);
    fuzz::hold(one.has_value() == other.has_value(), "room behind a frame changes nothing");
    fuzz::hold(!one || one->index() == other->index(), "room behind a frame changes no event");
}

void readField(const QByteArray &tight, const QByteArray &roomy)
{
    const auto one = ci::gitlab::parseTextField(tight, "username", {});
    const auto other = ci::gitlab::parseTextField(roomy, "username", {});
    fuzz::hold(
        one.has_value() == other.has_value() && (!one || *one == *other), "room changes no text");
}

constexpr std::array readers{ &read<&ci::gitlab::parsePipelines>, &read<&ci::gitlab::parsePipeline>,
    &read<&ci::gitlab::parseJobs>, &read<&ci::gitlab::parseJob>, &read<&ci::gitlab::parseRunners>,
    &read<&ci::gitlab::parseBranches>, &readField, &read<&stacks::rancher::parseStack>,
    &read<&stacks::rancher::parseService>, &read<&stacks::rancher::parseContainer>,
    &read<&stacks::rancher::parseHost>, &read<&stacks::rancher::parseResource>,
    &read<&stacks::rancher::parseHostAccess>, &read<&stacks::rancher::parseProjects>,
    &read<&stacks::rancher::parseStacks>, &read<&stacks::rancher::parseServices>,
    &read<&stacks::rancher::parseContainers>, &read<&stacks::rancher::parseHosts>, &readEvent };

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    if (size < 1)
        return 0;
    constexpr qsizetype room = 256;
    const std::string_view text = fuzz::textOf(bytes + 1, size - 1);
    QByteArray tight = fuzz::bytesOf(text);
    tight.squeeze();
    QByteArray roomy;
    roomy.reserve(tight.size() + room);
    roomy.append(tight);
    readers[bytes[0] % readers.size()](tight, roomy);
    return 0;
}
