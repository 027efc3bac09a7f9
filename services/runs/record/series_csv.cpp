// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/series_csv.h"

#include <algorithm>
#include <cstdio>

namespace faultline::runs {

std::string seriesLine(const SeriesRow &row)
{
    char line[200];
    std::snprintf(line, sizeof line, "%lld,%d,%d,%.3f,%.3f,%.3f\n",
        static_cast<long long>(row.second), row.ok, row.failed, row.p50, row.p99, row.most);
    return line;
}

std::string metricsLine(std::int64_t second, const std::string &name, double value)
{
    std::string plain = name.substr(0, 100);
    for (char &c : plain) { // a page's names may be anything
        if (c == ',' || c == '"' || static_cast<unsigned char>(c) < ' ')
            c = '_';
    }
    char number[64];
    std::snprintf(number, sizeof number, "%.10g", value);
    return std::to_string(second) + ',' + plain + ',' + number + '\n';
}

std::string seriesFileName(const std::string &probe)
{
    std::string out = probe + ".csv";
    std::replace(out.begin(), out.end(), '/', '_');
    if (out.front() == '.')
        out.insert(0, 1, '_'); // a probe is named by its case, not by us
    return out;
}

} // namespace faultline::runs
