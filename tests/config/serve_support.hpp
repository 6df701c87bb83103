/// What the tests of daemon files share: crew files that are not on any disk.
#pragma once

#include "support.hpp"

#include "brigade/config/serve_file.hpp"

namespace brigade::config::test {

inline const std::string token_a(32, 'a');
inline const std::string token_b(32, 'b');

/// Files beside the daemon's: a valid crew, a crew with a fault in line 2, one
/// that can cost more than its ceiling, and tokens of two clients.
inline load_options served_files(std::vector<std::string> sets = {}) {
  parts broken;
  broken.limits = "cost_usb = 1\n";
  parts typical;
  typical.limits = "estimate = \"typical\"\n";
  parts spare;
  spare.rest = "[models.spare]\nprovider = \"q\"\nname = \"s\"\n"
               "input_usd_per_mtok = 1\noutput_usd_per_mtok = 1\n"
               "[providers.q]\nkind = \"openai\"\n"
               "base_url = \"http://127.0.0.1:2/v1\"\n"
               "api_key = \"env:SPARE_KEY\"\n";
  auto result = fake({{"HOST", "10.0.0.1"}},
                     {{"etc/c.toml", parts{}.text()},
                      {"etc/broken.toml", broken.text()},
                      {"etc/typical.toml", typical.text()},
                      {"etc/spare.toml", spare.text()}},
                     std::move(sets));
  result.read_private_file = [](const std::string& path,
                                std::uint64_t) -> file_text {
    if (path == "etc/tokens")
      return {"anna " + token_a + "\nbert " + token_b + "\n", {}};
    return {std::nullopt, "does not exist"};
  };
  return result;
}

inline loaded_serve serve(const std::string& text,
                          const load_options& options = served_files()) {
  return parse_serve(text, "etc/d.toml", options);
}

inline std::string faults_of(const loaded_serve& result) {
  std::string out;
  for (const auto& fault : result.faults)
    out += to_string(fault) + "\n";
  return out;
}

/// The faults of a file with one crew and these lines in `[server]`, which
/// begin in line 2.
inline std::string server_faults(const std::string& lines) {
  return faults_of(
      serve("[server]\n" + lines + "\n[crews.a]\nfile = \"c.toml\"\n"));
}

} // namespace brigade::config::test
