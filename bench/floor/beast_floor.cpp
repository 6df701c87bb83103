// Floor for the C++ stack: plain Boost.Asio + Beast + Boost.JSON, one thread, no actors, no retries, no limits.
// The job, the options and the output line are described in ../README.md.
// Built by the target beast_floor.
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <boost/json/src.hpp>
#include <sys/resource.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>
namespace asio = boost::asio; namespace beast = boost::beast; namespace http = beast::http; namespace json = boost::json;
using tcp = asio::ip::tcp; using clk = std::chrono::steady_clock; using std::string;
static const auto t_start = clk::now();
static double ms(clk::duration d) { return std::chrono::duration<double, std::milli>(d).count(); }
struct Opt { int n = 10, jobs = 1, conc = 1, warmup = 0; string model = "mock-0ms", host = "127.0.0.1", port = "18080"; } opt;
asio::io_context io{1};
tcp::endpoint ep;
using Done = std::function<void(string)>;
struct Conn : std::enable_shared_from_this<Conn> {
  beast::basic_stream<tcp, asio::io_context::executor_type> s{io.get_executor()};
  beast::flat_buffer buf; http::request<http::string_body> req; http::response<http::string_body> res; Done done;
  static std::vector<std::shared_ptr<Conn>>& idle() { static std::vector<std::shared_ptr<Conn>> v; return v; }
  void go() { http::async_write(s, req, [self = shared_from_this()](beast::error_code ec, size_t) { if (ec) die(ec); self->read(); }); }
  void read() { res = {}; http::async_read(s, buf, res, [self = shared_from_this()](beast::error_code ec, size_t) {
      if (ec) die(ec); if (self->res.result_int() != 200) { std::cerr << "HTTP " << self->res.result_int() << "\n"; std::exit(1); }
      auto d = std::move(self->done); string body = std::move(self->res.body()); idle().push_back(self); d(std::move(body)); }); }
  static void die(beast::error_code ec) { std::cerr << ec.message() << "\n"; std::exit(1); }
};
void post(string body, Done done) {
  std::shared_ptr<Conn> c; bool fresh = Conn::idle().empty();
  if (fresh) c = std::make_shared<Conn>(); else { c = std::move(Conn::idle().back()); Conn::idle().pop_back(); }
  c->done = std::move(done);
  auto& r = c->req; r = {http::verb::post, "/v1/chat/completions", 11}; r.set(http::field::host, opt.host); r.set(http::field::content_type, "application/json");
  r.set(http::field::authorization, "Bearer sk-mock"); r.body() = std::move(body); r.prepare_payload();
  if (!fresh) return c->go();
  c->s.async_connect(ep, [c](beast::error_code ec) { if (ec) Conn::die(ec); c->s.socket().set_option(tcp::no_delay(true)); c->go(); });
}
static const json::value schema = json::parse(R"({"type":"json_schema","json_schema":{"name":"plan","strict":true,"schema":{"type":"object","additionalProperties":false,"required":["subtasks"],"properties":{"subtasks":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["id","title","prompt","deps"],"properties":{"id":{"type":"string"},"title":{"type":"string"},"prompt":{"type":"string"},"deps":{"type":"array","items":{"type":"string"}}}}}}}}})");
void chat(std::string_view sys, std::string_view user, bool plan, Done done) {
  json::object o{{"model", opt.model}, {"messages", json::array{json::object{{"role", "system"}, {"content", sys}}, json::object{{"role", "user"}, {"content", user}}}}};
  if (plan) o["response_format"] = schema;
  post(json::serialize(o), [done = std::move(done)](string b) {
    json::monotonic_resource mr; auto v = json::parse(b, &mr);
    done(string(v.at("choices").at(0).at("message").at("content").as_string())); });
}
struct Job : std::enable_shared_from_this<Job> {
  string goal; std::vector<std::pair<string, string>> out; size_t left = 0; std::function<void(size_t)> fin;
  void start() { chat("You are a planner. Break the goal into independent subtasks.", goal, true, [self = shared_from_this()](string p) { self->planned(std::move(p)); }); }
  void planned(string p) {
    json::monotonic_resource mr; auto v = json::parse(p, &mr); auto& a = v.at("subtasks").as_array(); left = a.size(); out.resize(left);
    for (size_t i = 0; i < a.size(); ++i) {
      string title(a[i].at("title").as_string());
      string user = "Subtask " + title + ": " + string(a[i].at("prompt").as_string()) + "\nOverall goal: " + goal;
      out[i].first = title;
      chat("You are a worker. Complete the assigned subtask.", user, false, [self = shared_from_this(), i](string t) { self->out[i].second = std::move(t); if (--self->left == 0) self->synth(); });
    }
  }
  void synth() { string u = "Goal: " + goal + "\n\n"; for (size_t i = 0; i < out.size(); ++i) { if (i) u += "\n\n"; u += "## " + out[i].first + "\n" + out[i].second; }
    chat("You are a synthesizer. Combine the results into one answer.", u, false, [self = shared_from_this()](string t) { if (t.size() < 10) std::abort(); self->fin(self->out.size()); }); }
};
struct Pool { int jobs, next = 0, live = 0; std::vector<double> lat; const char* tag;
  void spawn() { if (next >= jobs) return; int id = next++; ++live; auto j = std::make_shared<Job>(); auto t = clk::now();
    j->goal = string("Job ") + tag + std::to_string(id) + " N=" + std::to_string(opt.n) + ": write a report about topic " + std::to_string(id) + ".";
    j->fin = [this, t](size_t c) { if ((int)c != opt.n) std::abort(); lat.push_back(ms(clk::now() - t)); --live; asio::post(io, [this] { spawn(); }); }; j->start(); }
  void run() { for (int i = 0; i < std::min(opt.conc, jobs); ++i) spawn(); while ((int)lat.size() < jobs) io.run_one(); } };
static double cpu() { rusage u; getrusage(RUSAGE_SELF, &u); return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6; }
static double rss() { long a = 0, b = 0; if (FILE* f = fopen("/proc/self/statm", "r")) { if (fscanf(f, "%ld %ld", &a, &b) != 2) b = 0; fclose(f); } return b * 4096.0 / 1048576; }
int main(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; i += 2) { string k = argv[i], v = argv[i + 1];
    if (k == "--n") opt.n = stoi(v); else if (k == "--jobs") opt.jobs = stoi(v); else if (k == "--conc") opt.conc = stoi(v); else if (k == "--warmup") opt.warmup = stoi(v); else if (k == "--model") opt.model = v; }
  ep = {asio::ip::make_address(opt.host), (unsigned short)stoi(opt.port)}; auto guard = asio::make_work_guard(io);
  double ready = ms(clk::now() - t_start), rss0 = rss();
  if (opt.warmup) { Pool w{opt.warmup, 0, 0, {}, "w"}; w.run(); }
  double c0 = cpu(); auto t0 = clk::now(); Pool p{opt.jobs, 0, 0, {}, "j"}; p.run(); double wall = ms(clk::now() - t0), c = cpu() - c0;
  double first = p.lat[0]; std::sort(p.lat.begin(), p.lat.end()); auto q = [&](double x) { return p.lat[std::min(p.lat.size() - 1, (size_t)(x * p.lat.size()))]; };
  rusage u; getrusage(RUSAGE_SELF, &u);
  printf("{\"peer\":\"beast-floor\",\"n\":%d,\"jobs\":%d,\"conc\":%d,\"warmup\":%d,\"model\":\"%s\",\"ready_ms\":%.2f,\"wall_ms\":%.3f,\"first_ms\":%.3f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"cpu_s\":%.4f,\"jobs_s\":%.1f,\"calls_s\":%.0f,\"rss_ready_mib\":%.1f,\"maxrss_mib\":%.2f}\n",
    opt.n, opt.jobs, opt.conc, opt.warmup, opt.model.c_str(), ready, wall, first, q(.5), q(.99), c, opt.jobs / wall * 1e3, opt.jobs * (opt.n + 2) / wall * 1e3, rss0, u.ru_maxrss / 1024.0);
  fflush(stdout); _exit(0);
}
