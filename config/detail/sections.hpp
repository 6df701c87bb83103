/// The tables of a crew file and what is read from each before models,
/// providers and prompts are looked up.
#pragma once

#include "brigade/config/detail/key.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace brigade::config::detail {

/// What is read from one table. A key whose value was refused is in the table,
/// but has no value here: such a key is not missing.
struct draft {
  const node* from = nullptr;

  place where() const { return from->where; }
  bool has(std::string_view key) const { return from->find(key) != nullptr; }
};

/// `[planner]`, `[workers.NAME]` or `[synthesizer]`.
struct role_draft : draft {
  /// As the user writes it: `workers.researcher`.
  std::string path;
  std::optional<value> model;
  std::optional<value> prompt;
  std::optional<value> prompt_file;
};

struct planner_draft : role_draft {
  bool direct_answer = false;
};

struct worker_draft : role_draft {
  core::worker_spec spec;
};

struct synthesizer_draft : role_draft {
  std::optional<core::synthesizer_kind> kind;
};

struct price_draft : draft {
  std::uint64_t above_input_tokens = 0;
  std::optional<value> input;
  std::optional<value> output;
  std::optional<value> cached_input;
};

struct model_draft : price_draft {
  core::model_spec spec;
  std::optional<value> provider;
  const node* tiers = nullptr;
  const node* extra_body = nullptr;
};

struct provider_draft : draft {
  provider_settings settings;
  std::optional<provider_kind> kind;
  std::optional<value> base_url;
  const node* api_key = nullptr;
  const node* headers = nullptr;
};

std::span<const key_spec<core::crew>> limit_keys();
std::span<const key_spec<provider_draft>> provider_keys();
std::span<const key_spec<model_draft>> model_keys();
std::span<const key_spec<price_draft>> tier_keys();
std::span<const key_spec<planner_draft>> planner_keys();
std::span<const key_spec<worker_draft>> worker_keys();
std::span<const key_spec<synthesizer_draft>> synthesizer_keys();

/// Every table, in the order of the documentation.
const std::vector<section_doc>& crew_sections();

} // namespace brigade::config::detail
