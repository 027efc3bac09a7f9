// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/files.h"

#include <fstream>
#include <iterator>

#include <sys/stat.h>

namespace faultline::lab {

tl::expected<void, std::string> writeFile(
    const std::filesystem::path &path, std::string_view content)
{
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    const std::filesystem::path part = path.string() + ".part";
    {
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        chmod(part.c_str(), S_IRUSR | S_IWUSR);
        out.write(content.data(), static_cast<std::streamsize>(content.size()));
        if (!out.flush())
            return tl::unexpected("can't write " + path.string());
    }
    std::filesystem::rename(part, path, error);
    if (error)
        return tl::unexpected("can't write " + path.string() + ": " + error.message());
    return {};
}

std::optional<std::string> readFile(const std::filesystem::path &path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

} // namespace faultline::lab
