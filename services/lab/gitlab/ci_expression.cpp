// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_expression.h"

#include <cctype>
#include <optional>
#include <utility>

#include <re2/re2.h>

namespace faultline::lab {

struct CiExpression::Node
{
    enum class Kind {
        text,
        variable,
        null,
        pattern,
        equal,
        notEqual,
        matches,
        matchesNot,
        both,
        either
    };

    Kind kind = Kind::null;
    std::string text; // of a text, a variable's name, or a pattern "/…/flags"
    std::shared_ptr<const Node> left;
    std::shared_ptr<const Node> right;
};

namespace {

using Node = CiExpression::Node;
using NodePointer = std::shared_ptr<const Node>;
using Parsed = tl::expected<NodePointer, std::string>;

constexpr int deepest = 40;
constexpr std::size_t longest = 4096;

NodePointer makeNode(
    Node::Kind kind, std::string text, NodePointer left = {}, NodePointer right = {})
{
    return std::make_shared<const Node>(
        Node{ kind, std::move(text), std::move(left), std::move(right) });
}

struct PatternParts
{
    std::string pattern;
    RE2::Options options;
};

std::optional<PatternParts> splitPattern(std::string_view text)
{
    const std::size_t end = text.rfind('/');
    if (text.size() < 2 || text.front() != '/' || end == 0)
        return std::nullopt;
    PatternParts parts;
    parts.options.set_log_errors(false);
    for (const char c : text.substr(1, end - 1))
        parts.pattern += c;
    for (const char flag : text.substr(end + 1)) {
        if (flag == 'i')
            parts.options.set_case_sensitive(false);
        else if (flag == 'm')
            parts.options.set_dot_nl(true);
        else
            return std::nullopt;
    }
    return parts;
}

bool patternMatches(std::string_view pattern, std::string_view text)
{
    const auto parts = splitPattern(pattern);
    if (!parts)
        return false;
    const RE2 expression(parts->pattern, parts->options);
    return expression.ok()
        && RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), expression);
}

class Parser
{
public:
    explicit Parser(std::string_view text)
        : m_text(text)
    {
    }

    Parsed parse()
    {
        Parsed result = either(0);
        skipSpace();
        if (result && m_position != m_text.size())
            return fail("an operator");
        return result;
    }

private:
    Parsed either(int depth)
    {
        Parsed left = both(depth);
        while (left && take("||")) {
            Parsed right = both(depth);
            if (!right)
                return right;
            left = makeNode(Node::Kind::either, {}, *left, *right);
        }
        return left;
    }

    Parsed both(int depth)
    {
        Parsed left = comparison(depth);
        while (left && take("&&")) {
            Parsed right = comparison(depth);
            if (!right)
                return right;
            left = makeNode(Node::Kind::both, {}, *left, *right);
        }
        return left;
    }

    Parsed comparison(int depth)
    {
        Parsed left = operand(depth);
        static constexpr std::pair<std::string_view, Node::Kind> operators[]
            = { { "==", Node::Kind::equal }, { "!=", Node::Kind::notEqual },
                  { "=~", Node::Kind::matches }, { "!~", Node::Kind::matchesNot } };
        for (const auto &[sign, kind] : operators) {
            if (!left || !take(sign))
                continue;
            Parsed right = operand(depth);
            if (!right)
                return right;
            const bool wantsPattern = kind == Node::Kind::matches || kind == Node::Kind::matchesNot;
            if (wantsPattern && (*right)->kind == Node::Kind::null)
                return fail("a pattern such as /text/");
            return makeNode(kind, {}, *left, *right);
        }
        return left;
    }

    Parsed operand(int depth)
    {
        skipSpace();
        if (depth > deepest)
            return fail("fewer parentheses");
        if (take("(")) {
            Parsed inner = either(depth + 1);
            if (inner && !take(")"))
                return fail("a closing parenthesis");
            return inner;
        }
        if (m_position == m_text.size())
            return fail("a value");
        const char first = m_text[m_position];
        if (first == '$')
            return variable();
        if (first == '"' || first == '\'')
            return quoted(first);
        if (first == '/')
            return pattern();
        if (take("null"))
            return makeNode(Node::Kind::null, {});
        return fail("$VARIABLE, \"text\", /pattern/ or null");
    }

    Parsed variable()
    {
        const bool braces = m_text.substr(m_position).starts_with("${");
        m_position += braces ? 2 : 1;
        std::string name;
        while (m_position < m_text.size()
            && (std::isalnum(static_cast<unsigned char>(m_text[m_position]))
                || m_text[m_position] == '_'))
            name += m_text[m_position++];
        if (name.empty())
            return fail("the name of a variable");
        if (braces && !take("}"))
            return fail("a closing brace");
        return makeNode(Node::Kind::variable, std::move(name));
    }

    Parsed quoted(char quote)
    {
        const std::size_t end = m_text.find(quote, m_position + 1);
        if (end == std::string_view::npos)
            return fail("a closing quote");
        std::string text(m_text.substr(m_position + 1, end - m_position - 1));
        m_position = end + 1;
        return makeNode(Node::Kind::text, std::move(text));
    }

    Parsed pattern()
    {
        const std::size_t start = m_position++;
        while (m_position < m_text.size() && m_text[m_position] != '/')
            m_position += m_text[m_position] == '\\' ? 2 : 1;
        if (m_position >= m_text.size())
            return fail("a closing / of the pattern");
        ++m_position;
        while (m_position < m_text.size()
            && std::isalpha(static_cast<unsigned char>(m_text[m_position])))
            ++m_position;
        std::string text(m_text.substr(start, m_position - start));
        const auto parts = splitPattern(text);
        if (!parts || !RE2(parts->pattern, parts->options).ok())
            return fail("a valid pattern");
        return makeNode(Node::Kind::pattern, std::move(text));
    }

    void skipSpace()
    {
        while (m_position < m_text.size()
            && std::isspace(static_cast<unsigned char>(m_text[m_position])))
            ++m_position;
    }

    bool take(std::string_view sign)
    {
        skipSpace();
        if (!m_text.substr(m_position).starts_with(sign))
            return false;
        m_position += sign.size();
        return true;
    }

    Parsed fail(std::string_view expected) const
    {
        return tl::unexpected("expected " + std::string(expected) + " at character "
            + std::to_string(m_position + 1));
    }

    std::string_view m_text;
    std::size_t m_position = 0;
};

std::optional<std::string> valueOf(const Node &node, const VariableMap &variables)
{
    if (node.kind == Node::Kind::text || node.kind == Node::Kind::pattern)
        return node.text;
    if (node.kind == Node::Kind::variable)
        if (const auto found = variables.find(node.text); found != variables.end())
            return found->second;
    return std::nullopt;
}

bool evaluate(const Node &node, const VariableMap &variables)
{
    const auto matches = [&] {
        const auto text = valueOf(*node.left, variables);
        return text && patternMatches(valueOf(*node.right, variables).value_or(""), *text);
    };
    switch (node.kind) {
    case Node::Kind::both:
        return evaluate(*node.left, variables) && evaluate(*node.right, variables);
    case Node::Kind::either:
        return evaluate(*node.left, variables) || evaluate(*node.right, variables);
    case Node::Kind::equal:
        return valueOf(*node.left, variables) == valueOf(*node.right, variables);
    case Node::Kind::notEqual:
        return valueOf(*node.left, variables) != valueOf(*node.right, variables);
    case Node::Kind::matches:
        return matches();
    case Node::Kind::matchesNot:
        return !matches();
    case Node::Kind::text:
    case Node::Kind::variable:
    case Node::Kind::null:
    case Node::Kind::pattern:
        return !valueOf(node, variables).value_or("").empty();
    }
    return false;
}

} // namespace

CiExpression::CiExpression(std::shared_ptr<const Node> root)
    : m_root(std::move(root))
{
}

tl::expected<CiExpression, std::string> CiExpression::parse(std::string_view text)
{
    if (text.size() > longest)
        return tl::unexpected(std::string("the condition is too long"));
    auto parsed = Parser(text).parse();
    if (!parsed)
        return tl::unexpected(parsed.error());
    return CiExpression(*parsed);
}

bool CiExpression::holds(const VariableMap &variables) const
{
    return evaluate(*m_root, variables);
}

} // namespace faultline::lab
