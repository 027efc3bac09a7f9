// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/secret_mask.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace faultline::scenes {

namespace {

constexpr std::size_t shortestSecret = 6;
constexpr const char *hidden = "***";

struct Rule
{
    re2::RE2 pattern;
    const char *replacement;
};

const std::array<Rule, 5> &rules()
{
    static const std::array<Rule, 5> out{ {
        { re2::RE2(R"((https?://hooks\.slack\.com/)\S+)"), R"(\1***)" },
        { re2::RE2(R"(://[^/\s:@]*:[^/\s@]+@)"), "://***@" },
        { re2::RE2(R"((?i)\b(bearer|basic)\s+[a-z0-9+/._~=-]{8,})"), R"(\1 ***)" },
        { re2::RE2(
              R"(\b(?:glpat-|gldt-|glptt-|ghp_|gho_|ghs_|github_pat_|xox[abprs]-|AKIA)[A-Za-z0-9_.-]{8,})"),
            hidden },
        { re2::RE2(
              R"re((?i)((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w.-]*["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&"']+))re"),
            R"(\1***)" },
    } };
    return out;
}

void replaceAll(std::string &text, const std::string &secret)
{
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + 3)) {
        text.replace(at, secret.size(), hidden);
    }
}

} // namespace

SecretMask::SecretMask(std::vector<std::string> secrets)
    : m_secrets(std::move(secrets))
{
    std::erase_if(
        m_secrets, [](const std::string &secret) { return secret.size() < shortestSecret; });
    std::sort(m_secrets.begin(), m_secrets.end(),
        [](const std::string &a, const std::string &b) { return a.size() > b.size(); });
}

std::string SecretMask::masked(std::string_view line)
{
    static const re2::RE2 keyBegin("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----");
    static const re2::RE2 keyEnd("-----END [A-Z0-9 ]*PRIVATE KEY-----");
    const re2::StringPiece piece(line.data(), line.size());
    if (m_isInKey) {
        m_isInKey = !re2::RE2::PartialMatch(piece, keyEnd);
        return hidden;
    }
    if (re2::RE2::PartialMatch(piece, keyBegin)) {
        m_isInKey = !re2::RE2::PartialMatch(piece, keyEnd);
        return hidden;
    }
    std::string out(line);
    for (const std::string &secret : m_secrets)
        replaceAll(out, secret);
    for (const Rule &rule : rules())
        re2::RE2::GlobalReplace(&out, rule.pattern, rule.replacement);
    return out;
}

std::string SecretMask::maskedText(const std::vector<std::string> &secrets, std::string_view text)
{
    SecretMask mask(secrets);
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        out += mask.masked(text.substr(0, end));
        if (end == std::string_view::npos)
            break;
        out += '\n';
        text.remove_prefix(end + 1);
    }
    return out;
}

bool isSecretName(std::string_view name)
{
    static const re2::RE2 pattern(
        "(?i)(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|ACCESS_?KEY|API_?KEY|PRIVATE_?KEY|WEBHOOK|"
        "CREDENTIAL)");
    return re2::RE2::PartialMatch(re2::StringPiece(name.data(), name.size()), pattern);
}

} // namespace faultline::scenes
