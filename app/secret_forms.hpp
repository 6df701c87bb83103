/// The forms in which a secret may turn up in a text (rule H2). Pure.
#pragma once

#include "brigade/net/upstream_text.hpp"

namespace brigade::app {

/// Each secret as it is, percent-encoded with capital and with small hex
/// digits, and in base64 and base64url at each of the three places where it may
/// begin in a longer text. Forms too short to be looked for are left out.
net::secret_list secret_forms(const net::secret_list& secrets);

} // namespace brigade::app
