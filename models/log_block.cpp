// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_block.h"

namespace faultline::models {

logs::LogLine LogBlock::line(std::size_t index) const
{
    const Line &stored = lines[index];
    const std::size_t textFrom = index == 0 ? 0 : lines[index - 1].textEnd;
    const std::size_t spansFrom = index == 0 ? 0 : lines[index - 1].spansEnd;
    logs::LogLine out;
    out.text = std::string_view(text).substr(textFrom, stored.textEnd - textFrom);
    out.spans = std::span(spans).subspan(spansFrom, stored.spansEnd - spansFrom);
    out.timeUs = stored.timeUs;
    out.isFromRunner = stored.isFromRunner;
    out.isError = stored.isError;
    out.continues = stored.continues;
    out.isSectionHeader = stored.isSectionHeader;
    out.depth = stored.depth;
    if (stored.isEvent)
        out.eventAt = out.text.find("##faultline ") + 12;
    return out;
}

void LogBlock::append(const logs::LogLine &line)
{
    text.append(line.text);
    spans.insert(spans.end(), line.spans.begin(), line.spans.end());
    Line stored;
    stored.timeUs = line.timeUs;
    stored.textEnd = static_cast<std::uint32_t>(text.size());
    stored.spansEnd = static_cast<std::uint32_t>(spans.size());
    stored.depth = static_cast<std::int16_t>(line.depth);
    stored.isFromRunner = line.isFromRunner;
    stored.isError = line.isError;
    stored.continues = line.continues;
    stored.isSectionHeader = line.isSectionHeader;
    stored.isEvent = line.eventAt != logs::LogLine::noEvent;
    lines.push_back(stored);
}

} // namespace faultline::models
