// `[providers.NAME]` and `[models.NAME]`. The defaults are those of
// provider_settings.hpp and core/crew/crew.hpp; a test holds them against each
// other.
#include "brigade/config/detail/sections.hpp"

#include <array>

namespace brigade::config::detail {

namespace {

using enum key_type;

/// A price above this is a slip: dollars per million tokens were meant.
constexpr std::int64_t pico_per_token_max = 100'000'000'000;

constexpr std::int64_t name_bytes_max = 256;
constexpr std::int64_t text_bytes_max = 4096;

std::uint32_t u32(const value& v) {
  return static_cast<std::uint32_t>(v.number);
}

constexpr std::array<std::string_view, 2> kinds{"openai", "builtin"};
constexpr std::array<std::string_view, 4> structured{
    "json_schema", "json_object", "tool", "prompt"};
constexpr std::array<std::string_view, 3> price_bases{"billed", "worst_case",
                                                      "tokens_only"};
constexpr std::array<std::string_view, 2> limit_fields{"max_completion_tokens",
                                                       "max_tokens"};
constexpr std::array<std::string_view, 2> system_roles{"system", "developer"};

using provider = key_spec<provider_draft>;

const std::array provider_table{
    provider{{.name = "kind",
              .type = choice,
              .required = true,
              .choices = kinds,
              .description = "What the server speaks: OpenAI's Chat "
                             "Completions, or nothing (the model inside "
                             "Brigade)"},
             [](provider_draft& p, value&& v) {
               p.kind = parse_provider_kind(v.text);
             }},
    provider{{.name = "base_url",
              .type = text,
              .min = 1,
              .max = text_bytes_max,
              .description =
                  "Where the server is, up to and with /v1; required "
                  "for the kind openai"},
             [](provider_draft& p, value&& v) { p.base_url = std::move(v); }},
    provider{{.name = "api_key",
              .type = secret,
              .description = "Where the key is: in an environment variable or "
                             "in a file, never in the crew file"},
             [](provider_draft& p, value&& v) { p.api_key = v.from; }},
    provider{{.name = "concurrency_max",
              .type = integer,
              .min = 1,
              .max = 1024,
              .fallback = "64",
              .description = "Requests at the same time"},
             [](provider_draft& p, value&& v) {
               p.settings.concurrency_max = u32(v);
             }},
    provider{{.name = "connect_timeout_ms",
              .type = integer,
              .min = 1,
              .max = 60'000,
              .fallback = "10000",
              .description = "Until the connection stands, TLS included, in "
                             "milliseconds; a try that takes longer ends with "
                             "connect_timeout and costs nothing"},
             [](provider_draft& p, value&& v) {
               p.settings.connect_timeout_ms = v.number;
             }},
    provider{{.name = "first_token_timeout_ms",
              .type = integer,
              .min = 0,
              .max = 3'600'000,
              .fallback = "0",
              .description =
                  "From the request sent to the first byte of the answer, in "
                  "milliseconds; a try that takes longer ends with "
                  "first_token_timeout. 0: as long as the try may take, "
                  "because an answer that is not streamed comes when the model "
                  "is done"},
             [](provider_draft& p, value&& v) {
               p.settings.first_token_timeout_ms = v.number;
             }},
    provider{{.name = "idle_timeout_ms",
              .type = integer,
              .min = 0,
              .max = 3'600'000,
              .fallback = "30000",
              .description =
                  "How long an answer that has begun may stand still, in "
                  "milliseconds; one that does so for longer ends with "
                  "idle_timeout. 0: as long as the try may take"},
             [](provider_draft& p, value&& v) {
               p.settings.idle_timeout_ms = v.number;
             }},
    provider{{.name = "call_timeout_ms",
              .type = integer,
              .min = 1,
              .max = 3'600'000,
              .fallback = "120000",
              .description = "One try from connect to the last byte, in "
                             "milliseconds; one that takes longer ends with "
                             "timed_out"},
             [](provider_draft& p, value&& v) {
               p.settings.call_timeout_ms = v.number;
             }},
    provider{{.name = "reply_bytes_max",
              .type = integer,
              .min = 1024,
              .max = 268'435'456,
              .fallback = "8388608",
              .description = "A reply of the server, in bytes"},
             [](provider_draft& p, value&& v) {
               p.settings.reply_bytes_max =
                   static_cast<std::uint64_t>(v.number);
             }},
    provider{{.name = "ca_file",
              .type = text,
              .min = 1,
              .max = text_bytes_max,
              .description =
                  "PEM file to verify the server with instead of the "
                  "system's certificates; relative to the crew file"},
             [](provider_draft& p, value&& v) {
               p.settings.ca_file = std::move(v.text);
             }},
    provider{{.name = "headers",
              .type = headers,
              .description = "Sent with every request. A value may be "
                             "\"env:NAME\" or \"file:PATH\", and must be when "
                             "the name says that it is a key"},
             [](provider_draft& p, value&& v) { p.headers = v.from; }},
    provider{{.name = "unbilled_statuses",
              .type = integers,
              .min = 300,
              .max = 599,
              .fallback = "[400, 401, 403, 404, 413, 422, 429, 529]",
              .description =
                  "HTTP statuses whose complete answers the provider "
                  "does not bill"},
             [](provider_draft& p, value&& v) {
               p.settings.unbilled_statuses = std::move(v.numbers);
             }},
};

constexpr key_doc input_price{.name = "input_usd_per_mtok",
                              .type = price,
                              .max = pico_per_token_max,
                              .description =
                                  "Dollars per million input tokens"};
constexpr key_doc output_price{.name = "output_usd_per_mtok",
                               .type = price,
                               .max = pico_per_token_max,
                               .description =
                                   "Dollars per million output tokens"};
constexpr key_doc cached_price{
    .name = "cached_input_usd_per_mtok",
    .type = price,
    .max = pico_per_token_max,
    .description = "Dollars per million cached input tokens; else as input"};

constexpr key_doc required(key_doc doc) {
  doc.required = true;
  return doc;
}

using model = key_spec<model_draft>;

const std::array model_table{
    model{{.name = "provider",
           .type = text,
           .required = true,
           .min = 1,
           .max = name_bytes_max,
           .description = "A provider: NAME of a [providers.NAME], or "
                          "\"builtin\""},
          [](model_draft& m, value&& v) { m.provider = std::move(v); }},
    model{{.name = "name",
           .type = text,
           .required = true,
           .min = 1,
           .max = name_bytes_max,
           .description = "How the provider names the model"},
          [](model_draft& m, value&& v) { m.spec.name = std::move(v.text); }},
    model{{.name = "output_tokens_max",
           .type = integer,
           .min = 1,
           .max = 1'000'000,
           .fallback = "2048",
           .description = "Output tokens of one call, thinking included; sent "
                          "with each request"},
          [](model_draft& m, value&& v) { m.spec.output_tokens_max = u32(v); }},
    model{{.name = "overhead_tokens",
           .type = integer,
           .min = 0,
           .max = 100'000,
           .fallback = "64",
           .description =
               "Input tokens that the provider adds to what is sent; "
               "reserved with each call"},
          [](model_draft& m, value&& v) { m.spec.overhead_tokens = u32(v); }},
    model{{.name = "reasoning_tokens_max",
           .type = integer,
           .min = 0,
           .max = 1'000'000,
           .fallback = "0",
           .description =
               "Tokens of thinking that the provider bills on top of "
               "output_tokens_max; reserved with each call"},
          [](model_draft& m, value&& v) {
            m.spec.reasoning_tokens_max = u32(v);
          }},
    model{{.name = "price_basis",
           .type = choice,
           .choices = price_bases,
           .fallback = "\"billed\"",
           .description =
               "Whether the price is what the provider bills, a worst case "
               "that it never exceeds, or unknown: then limits.tokens_max "
               "must bound the model"},
          [](model_draft& m, value&& v) {
            using core::price_basis;
            m.spec.price_basis = v.text == "billed" ? price_basis::billed
                                 : v.text == "worst_case"
                                     ? price_basis::worst_case
                                     : price_basis::tokens_only;
          }},
    model{input_price,
          [](model_draft& m, value&& v) { m.input = std::move(v); }},
    model{output_price,
          [](model_draft& m, value&& v) { m.output = std::move(v); }},
    model{cached_price,
          [](model_draft& m, value&& v) { m.cached_input = std::move(v); }},
    model{{.name = "tiers",
           .type = tables,
           .description = "Other prices for requests with a long input"},
          [](model_draft& m, value&& v) { m.tiers = v.from; }},
    model{{.name = "structured",
           .type = choice,
           .choices = structured,
           .fallback = "\"json_schema\"",
           .description = "How the server is asked for JSON of a given schema"},
          [](model_draft& m, value&& v) {
            using core::structured_output;
            m.spec.quirks.structured =
                v.text == "json_schema"   ? structured_output::json_schema
                : v.text == "json_object" ? structured_output::json_object
                : v.text == "tool"        ? structured_output::tool
                                          : structured_output::prompt;
          }},
    model{{.name = "output_limit_field",
           .type = choice,
           .choices = limit_fields,
           .fallback = "\"max_completion_tokens\"",
           .description = "The request field that holds output_tokens_max; "
                          "older and local servers know max_tokens"},
          [](model_draft& m, value&& v) {
            m.spec.quirks.output_limit_field = std::move(v.text);
          }},
    model{{.name = "system_role",
           .type = choice,
           .choices = system_roles,
           .fallback = "\"system\"",
           .description = "The role of the system prompt's message"},
          [](model_draft& m, value&& v) {
            m.spec.quirks.system_role = std::move(v.text);
          }},
    model{{.name = "temperature",
           .type = thousandths,
           .max = 2000,
           .description = "Sent when given; some models refuse it"},
          [](model_draft& m, value&& v) {
            m.spec.quirks.temperature_milli =
                static_cast<std::int32_t>(v.number);
          }},
    model{{.name = "extra_body",
           .type = json,
           .description = "Members added to each request, such as "
                          "reasoning_effort"},
          [](model_draft& m, value&& v) { m.extra_body = v.from; }},
};

using tier = key_spec<price_draft>;

const std::array tier_table{
    tier{{.name = "above_input_tokens",
          .type = integer,
          .required = true,
          .min = 1,
          .max = 100'000'000,
          .description = "The prices hold for the whole of a request with more "
                         "input tokens than this"},
         [](price_draft& p, value&& v) {
           p.above_input_tokens = static_cast<std::uint64_t>(v.number);
         }},
    tier{required(input_price),
         [](price_draft& p, value&& v) { p.input = std::move(v); }},
    tier{required(output_price),
         [](price_draft& p, value&& v) { p.output = std::move(v); }},
    tier{cached_price,
         [](price_draft& p, value&& v) { p.cached_input = std::move(v); }},
};

} // namespace

std::span<const key_spec<provider_draft>> provider_keys() {
  return provider_table;
}

std::span<const key_spec<model_draft>> model_keys() {
  return model_table;
}

std::span<const key_spec<price_draft>> tier_keys() {
  return tier_table;
}

} // namespace brigade::config::detail
