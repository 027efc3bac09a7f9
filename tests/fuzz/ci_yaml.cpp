// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a .gitlab-ci.yml and plans its pipeline. What follows a NUL is the file that `include`
// finds.
#include "services/lab/gitlab/ci_yaml_reader.h"
#include "services/lab/gitlab/pipeline_builder.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    using namespace faultline;
    const auto [main, included] = fuzz::twoTexts(fuzz::textOf(bytes, size));
    lab::CiSources sources;
    sources.file = [&text = included](const std::string &) { return std::optional(text); };
    sources.wantsMergedYaml = true;
    const auto config = lab::readCiConfig(main, sources);
    if (!config) {
        fuzz::hold(!config.error().text().empty(), "an error has words");
        return 0;
    }
    const lab::VariableMap known{ { "CI_PIPELINE_SOURCE", "push" },
        { "CI_COMMIT_BRANCH", "main" } };
    const auto planned = lab::planPipeline(*config, known, { { "SUITE", "smoke" } });
    fuzz::hold(!planned || !planned->jobs.empty(), "a planned pipeline has jobs");
    return 0;
}
