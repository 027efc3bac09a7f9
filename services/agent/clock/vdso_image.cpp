// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/clock/vdso_image.h"

#include "services/agent/process/process_maps.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <string_view>
#include <unistd.h>

namespace faultline::agent {

namespace {

class Elf
{
public:
    explicit Elf(std::span<const std::byte> bytes)
        : m_bytes(bytes)
    {
    }

    template <typename T>
    [[nodiscard]] std::optional<T> at(std::size_t offset) const
    {
        if (offset > m_bytes.size() || m_bytes.size() - offset < sizeof(T))
            return std::nullopt;
        T value;
        std::memcpy(&value, m_bytes.data() + offset, sizeof(T));
        return value;
    }

    [[nodiscard]] std::string_view text(std::size_t offset) const
    {
        if (offset >= m_bytes.size())
            return {};
        const auto *begin = reinterpret_cast<const char *>(m_bytes.data()) + offset;
        return { begin, strnlen(begin, m_bytes.size() - offset) };
    }

    /// The program header of a type.
    [[nodiscard]] std::optional<Elf64_Phdr> segment(Elf64_Word type) const
    {
        const auto header = at<Elf64_Ehdr>(0);
        if (!header)
            return std::nullopt;
        for (std::size_t i = 0; i < header->e_phnum; ++i) {
            const auto segment = at<Elf64_Phdr>(header->e_phoff + i * sizeof(Elf64_Phdr));
            if (segment && segment->p_type == type)
                return segment;
        }
        return std::nullopt;
    }

    /// The value of an entry of the dynamic section.
    [[nodiscard]] std::optional<Elf64_Xword> dynamic(Elf64_Sxword tag) const
    {
        const auto segment = this->segment(PT_DYNAMIC);
        for (std::size_t i = 0; segment && i < segment->p_filesz / sizeof(Elf64_Dyn); ++i) {
            const auto entry = at<Elf64_Dyn>(segment->p_offset + i * sizeof(Elf64_Dyn));
            if (!entry)
                break;
            if (entry->d_tag == tag)
                return entry->d_un.d_val;
        }
        return std::nullopt;
    }

private:
    std::span<const std::byte> m_bytes;
};

/// Where a function is. The symbols end where the strings begin: the image has no other word on
/// their number that both kinds of hash table share.
std::size_t function(
    const Elf &elf, Elf64_Xword symbols, Elf64_Xword strings, std::string_view name)
{
    for (auto at = symbols; at < strings; at += sizeof(Elf64_Sym)) {
        const auto symbol = elf.at<Elf64_Sym>(at);
        if (!symbol)
            break;
        if (symbol->st_shndx != SHN_UNDEF && elf.text(strings + symbol->st_name) == name)
            return symbol->st_value;
    }
    return 0;
}

} // namespace

std::optional<VdsoImage> parseVdso(std::span<const std::byte> bytes, std::string &reason)
{
    const Elf elf(bytes);
    const auto header = elf.at<Elf64_Ehdr>(0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0
        || header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != EM_X86_64) {
        reason = "the vDSO is not one of x86-64";
        return std::nullopt;
    }
    const auto load = elf.segment(PT_LOAD);
    const auto symbols = elf.dynamic(DT_SYMTAB);
    const auto strings = elf.dynamic(DT_STRTAB);
    VdsoImage image;
    if (load && symbols && strings) {
        image.clockGettime = function(elf, *symbols, *strings, "__vdso_clock_gettime");
        image.gettimeofday = function(elf, *symbols, *strings, "__vdso_gettimeofday");
        image.time = function(elf, *symbols, *strings, "__vdso_time");
        image.spare = load->p_filesz;
    }
    const auto inside
        = [&](std::size_t at) { return at >= sizeof(Elf64_Ehdr) && at + 16 <= image.spare; };
    if (image.spare > bytes.size() || !inside(image.clockGettime) || !inside(image.gettimeofday)
        || !inside(image.time)) {
        reason = "the vDSO lacks a clock function";
        return std::nullopt;
    }
    image.bytes.assign(bytes.begin(), bytes.end());
    const auto last = std::find_if(
        bytes.rbegin(), bytes.rend(), [](std::byte byte) { return byte != std::byte{ 0 }; });
    image.zeros = static_cast<std::size_t>(bytes.rend() - last);
    return image;
}

std::optional<VdsoImage> ownVdso(std::string &reason)
{
    const auto range = mappedRange(getpid(), "[vdso]");
    if (!range) {
        reason = "the kernel maps no vDSO";
        return std::nullopt;
    }
    return parseVdso({ reinterpret_cast<const std::byte *>(range->begin), range->size() }, reason);
}

} // namespace faultline::agent
