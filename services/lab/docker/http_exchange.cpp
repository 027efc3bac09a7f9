// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "services/lab/docker/http_exchange.h"

#include "services/lab/docker/unix_stream.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <cstdint>
#include <limits>

namespace faultline::lab {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t collectLimit = 64U << 20U;
constexpr std::size_t pieceSize = 64U << 10U;

/// What Beast wants of a stream, over ours.
class BeastStream
{
public:
    explicit BeastStream(UnixStream &stream)
        : m_stream(stream)
    {
    }

    template <typename Buffers>
    std::size_t read_some(const Buffers &buffers, beast::error_code &error)
    {
        for (auto it = boost::asio::buffer_sequence_begin(buffers);
             it != boost::asio::buffer_sequence_end(buffers); ++it) {
            const boost::asio::mutable_buffer buffer(*it);
            if (buffer.size() == 0)
                continue;
            std::error_code failure;
            const std::size_t count
                = m_stream.read(static_cast<char *>(buffer.data()), buffer.size(), failure);
            error = note(failure);
            if (!failure && count == 0)
                error = boost::asio::error::eof;
            return count;
        }
        error = {};
        return 0;
    }

    template <typename Buffers>
    std::size_t write_some(const Buffers &buffers, beast::error_code &error)
    {
        for (auto it = boost::asio::buffer_sequence_begin(buffers);
             it != boost::asio::buffer_sequence_end(buffers); ++it) {
            const boost::asio::const_buffer buffer(*it);
            if (buffer.size() == 0)
                continue;
            std::error_code failure;
            const std::size_t count
                = m_stream.write(static_cast<const char *>(buffer.data()), buffer.size(), failure);
            error = note(failure);
            return count;
        }
        error = {};
        return 0;
    }

    template <typename Buffers>
    std::size_t read_some(const Buffers &buffers)
    {
        beast::error_code error;
        const std::size_t count = read_some(buffers, error);
        if (error)
            throw beast::system_error(error);
        return count;
    }

    template <typename Buffers>
    std::size_t write_some(const Buffers &buffers)
    {
        beast::error_code error;
        const std::size_t count = write_some(buffers, error);
        if (error)
            throw beast::system_error(error);
        return count;
    }

    /// Our stream's own words, which are more exact than what Beast makes of them.
    [[nodiscard]] std::error_code failure() const { return m_failure; }

private:
    beast::error_code note(std::error_code failure)
    {
        if (!failure)
            return {};
        m_failure = failure;
        return boost::asio::error::connection_aborted;
    }

    UnixStream &m_stream;
    std::error_code m_failure;
};

std::error_code reason(const BeastStream &stream, const beast::error_code &error)
{
    if (stream.failure())
        return stream.failure();
    if (error == http::error::end_of_stream || error == http::error::partial_message
        || error == boost::asio::error::eof)
        return std::make_error_code(std::errc::connection_reset);
    return std::make_error_code(std::errc::protocol_error);
}

http::request<http::string_body> request(const HttpQuestion &question)
{
    http::request<http::string_body> message;
    message.method_string(question.method);
    message.target(question.target);
    message.version(11);
    message.set(http::field::host, "docker");
    message.set(http::field::user_agent, "faultline-lab");
    message.keep_alive(false);
    if (!question.body.empty())
        message.set(http::field::content_type, "application/json");
    message.body() = question.body;
    if (!question.body.empty() || question.method == "POST")
        message.prepare_payload();
    return message;
}

} // namespace

tl::expected<HttpAnswer, std::error_code> exchange(const std::string &socketPath,
    const HttpQuestion &question, const Cancellation &cancellation, const BodyReceiver &receiver)
{
    UnixStream connection(cancellation);
    connection.setPatience(question.patience);
    if (const auto error = connection.connect(socketPath))
        return tl::make_unexpected(error);
    BeastStream stream(connection);
    beast::error_code error;
    const auto message = request(question);
    http::write(stream, message, error);
    if (error)
        return tl::make_unexpected(reason(stream, error));

    beast::flat_buffer buffer;
    http::response_parser<http::buffer_body> parser;
    // Not boost::none: Beast 1.74 then refuses every Content-Length while it reads the header.
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    http::read_header(stream, buffer, parser, error);
    if (error)
        return tl::make_unexpected(reason(stream, error));
    HttpAnswer answer;
    answer.status = static_cast<int>(parser.get().result_int());
    const bool received = receiver && answer.status / 100 == 2;
    if (question.accepted && answer.status / 100 == 2)
        question.accepted();
    std::array<char, pieceSize> piece{};
    while (!parser.is_done()) {
        parser.get().body().data = piece.data();
        parser.get().body().size = piece.size();
        // read_some, not read: a stream that follows a log must give its bytes as they come.
        http::read_some(stream, buffer, parser, error);
        if (error && error != http::error::need_buffer)
            return tl::make_unexpected(reason(stream, error));
        const std::string_view bytes(piece.data(), piece.size() - parser.get().body().size);
        if (received) {
            if (!bytes.empty() && !receiver(bytes))
                break;
        } else if (answer.body.size() + bytes.size() > collectLimit) {
            return tl::make_unexpected(std::make_error_code(std::errc::message_size));
        } else {
            answer.body.append(bytes);
        }
    }
    return answer;
}

} // namespace faultline::lab
