#include "brigade/core/model/prompt_parts.hpp"

#include "brigade/core/model/prompt_blocks.hpp"
#include "brigade/core/model/prompt_template.hpp"

#include <vector>

namespace brigade::core {

void append_template(std::string& out, std::string_view text,
                     raw_values values) {
  if (text.find("{{") == std::string_view::npos) {
    out += text;
  } else {
    std::vector<std::string> escaped;
    escaped.reserve(values.size());
    template_values known;
    known.reserve(values.size());
    for (const auto& [name, value] : values) {
      append_escaped(escaped.emplace_back(), value);
      known.emplace_back(name, escaped.back());
    }
    out += render_template(text, known);
  }
  if (!text.empty() && out.back() != '\n')
    out += '\n';
}

model_request request_of(const crew& c, call_role role,
                         const std::string& model, std::string system,
                         std::string user) {
  model_request result;
  result.role = role;
  result.model = model;
  const auto* spec = find_model(c, model);
  result.output_tokens_max = spec ? spec->output_tokens_max : 0;
  result.messages.reserve(2);
  result.messages.push_back({speaker::system, std::move(system)});
  result.messages.push_back({speaker::user, std::move(user)});
  return result;
}

std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max)
    return text;
  auto size = bytes_max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
    --size;
  return text.substr(0, size);
}

} // namespace brigade::core
