#include "brigade/app/approval_prompt.hpp"

#include "brigade/app/approval_text.hpp"
#include "brigade/app/control_message.hpp"
#include "brigade/app/display.hpp"
#include "brigade/app/inputs.hpp"
#include "brigade/app/pretty_json.hpp"
#include "brigade/app/standard_io.hpp"
#include "brigade/app/terminal.hpp"
#include "brigade/app/terminal_text.hpp"
#include "brigade/app/unique_fd.hpp"
#include "brigade/app/wall_time.hpp"
#include "brigade/core/plan/plan_estimate.hpp"
#include "brigade/core/run/weighed_plan.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace brigade::app {

namespace {

/// Longest wait in one poll; nothing depends on it.
constexpr std::int64_t poll_ms_max = 60'000;
/// Of an answer.
constexpr std::size_t line_bytes_max = 256;

std::string editor_of(const environment& env) {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    if (auto value = env(name).value_or(""); !value.empty()) {
      return value;
    }
  }
  return "vi";
}

/// A file that only its owner can read, gone at the end.
class private_file {
public:
  explicit private_file(const environment& env) {
    auto folder = env("TMPDIR").value_or("");
    path_ = (folder.empty() ? "/tmp" : folder) + "/brigade-plan-XXXXXX.json";
    constexpr int suffix_bytes = 5;
    // Made with mode 0600.
    fd_ = unique_fd{::mkostemps(path_.data(), suffix_bytes, O_CLOEXEC)};
  }

  ~private_file() {
    if (fd_) {
      ::unlink(path_.c_str());
    }
  }

  private_file(const private_file&) = delete;
  private_file& operator=(const private_file&) = delete;

  const std::string& path() const { return path_; }
  int fd() const { return fd_.get(); }
  explicit operator bool() const { return static_cast<bool>(fd_); }

private:
  std::string path_;
  unique_fd fd_;
};

/// Runs the editor as a shell would, so that it may have arguments. Its exit
/// code; -1: it could not be run.
int run_editor(const std::string& editor, const std::string& path) {
  const auto script = editor + " \"$1\"";
  const std::array<const char*, 6> args{"sh", "-c",         script.c_str(),
                                        "sh", path.c_str(), nullptr};
  // While it has the terminal, its keys are its own.
  struct sigaction ignored {};
  struct sigaction before {};
  ignored.sa_handler = SIG_IGN;
  ::sigaction(SIGINT, &ignored, &before);
  const auto child = ::fork();
  if (child == 0) {
    for (int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ, SIGTSTP}) {
      std::signal(number, SIG_DFL);
    }
    ::execv("/bin/sh", const_cast<char* const*>(args.data()));
    ::_exit(127);
  }
  int status = -1;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    // Asked again.
  }
  ::sigaction(SIGINT, &before, nullptr);
  return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// A line of stdin; nothing when nobody answers any more. Empty when the time
/// is over.
std::optional<std::string> read_answer(interrupt_guard& signals,
                                       std::int64_t until_wall_ms) {
  std::string line;
  for (;;) {
    if (interrupt_guard::interrupted()) {
      return std::nullopt;
    }
    const auto left = until_wall_ms - now_wall_ms();
    if (left <= 0) {
      return std::string{};
    }
    std::array<pollfd, 2> sources{pollfd{STDIN_FILENO, POLLIN, 0},
                                  pollfd{signals.fd(), POLLIN, 0}};
    ::poll(sources.data(), sources.size(),
           static_cast<int>(std::min(left, poll_ms_max)));
    if (sources[0].revents == 0) {
      continue;
    }
    std::array<char, line_bytes_max> chunk{};
    const auto got = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return std::nullopt;
    }
    line.append(chunk.data(), static_cast<std::size_t>(got));
    if (line.find('\n') != std::string::npos || line.size() >= line_bytes_max) {
      return line;
    }
  }
}

void tell_faults(const std::vector<core::plan_fault>& faults) {
  std::vector<std::string> lines{"the plan has "
                                 + counted(faults.size(), "fault") + ":"};
  for (const auto& fault : faults) {
    lines.push_back("  "
                    + (fault.pointer.empty() ? std::string{"(whole plan)"}
                                             : terminal_line(fault.pointer))
                    + "  " + terminal_line(fault.code) + ": "
                    + terminal_line(fault.message));
  }
  tell(lines);
}

/// What somebody made of the plan so far.
struct draft {
  std::string text;
  core::plan plan;
  core::events::approval_requested costs;
  bool edited = false;
};

void show(const draft& now, const core::run_state& waiting, bool ascii) {
  const auto columns = size_of_terminal(STDERR_FILENO).columns;
  tell(approval_lines(now.plan, now.costs, waiting, columns, ascii));
}

/// Lets somebody change the draft; faults leave the plan as it was, and the
/// text for another try.
void edit(draft& now, const core::run_order& order,
          const core::run_state& waiting) {
  auto result = edit_text(now.text, editor_of(process_environment()));
  if (auto* fault = std::get_if<1>(&result)) {
    tell({"brigade: " + *fault});
    return;
  }
  auto& text = std::get<0>(result);
  if (text == now.text) {
    tell({"nothing has changed"});
    return;
  }
  now.text = std::move(text);
  const auto spent = core::spent_on_plan(waiting);
  auto weighed = core::weigh_plan(order, spent, now.text);
  if (!weighed.value) {
    tell_faults(weighed.faults);
    return;
  }
  const auto left = core::ceiling_of(order) - spent;
  auto estimate = core::estimate_plan(*order.crew, order.goal, *weighed.value,
                                      *order.inputs, {}, left.cost);
  now.plan = std::move(*weighed.value);
  now.costs.cost_low = estimate.low;
  now.costs.cost_expected = estimate.expected;
  now.costs.cost_worst = estimate.worst;
  now.costs.critical_path = std::move(estimate.critical_path);
  now.edited = true;
}

} // namespace

approval_word parse_approval_word(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r\n");
  switch (first == std::string_view::npos ? ' ' : line[first]) {
  case 'y':
  case 'Y':
    return approval_word::yes;
  case 'n':
  case 'N':
    return approval_word::no;
  case 'e':
  case 'E':
    return approval_word::edit;
  default:
    return approval_word::unclear;
  }
}

std::variant<std::string, std::string> edit_text(const std::string& text,
                                                 const std::string& editor) {
  constexpr auto failed = std::in_place_index<1>;
  using result = std::variant<std::string, std::string>;
  const private_file file{process_environment()};
  if (!file || write_all(file.fd(), text) != write_status::ok) {
    return result{failed, std::string{"no temporary file can be written: "}
                              + std::strerror(errno)};
  }
  const auto code = run_editor(editor, file.path());
  if (code != 0) {
    return result{failed, "the editor " + terminal_line(editor)
                              + " ended with code " + std::to_string(code)};
  }
  auto read = read_file(file.path(), edited_plan_bytes_max);
  if (auto* why = std::get_if<read_fault>(&read)) {
    return result{failed, "the edited plan " + why->message};
  }
  return result{std::in_place_index<0>, std::get<std::string>(read)};
}

std::optional<core::approval_decision>
ask_for_approval(const core::run_order& order, const core::run_state& waiting,
                 interrupt_guard& signals, bool ascii) {
  const auto until_ms = core::approval_expires_wall_ms(waiting);
  if (!until_ms) {
    return std::nullopt;
  }
  draft now{pretty_json(core::to_json(*waiting.plan)), *waiting.plan,
            *waiting.approval_asked, false};
  show(now, waiting, ascii);
  for (;;) {
    static_cast<void>(
        write_all(STDERR_FILENO, "Go on? [y]es / [n]o / [e]dit "));
    const auto line = read_answer(signals, *until_ms);
    if (!line) {
      tell({""});
      return std::nullopt;
    }
    core::approval_decision word;
    if (now_wall_ms() >= *until_ms) {
      word.kind = core::decision_kind::expire;
      return word;
    }
    switch (parse_approval_word(*line)) {
    case approval_word::yes:
      if (now.edited) {
        word.plan_text = boost::json::serialize(core::to_json(now.plan));
      }
      return word;
    case approval_word::no:
      word.kind = core::decision_kind::reject;
      return word;
    case approval_word::edit:
      edit(now, order, waiting);
      show(now, waiting, ascii);
      break;
    case approval_word::unclear:
      break;
    }
  }
}

} // namespace brigade::app
