#include "brigade/net/api/model_api.hpp"

#include <boost/json.hpp>

#include <utility>

namespace brigade::net::api {

namespace {

namespace json = boost::json;

json::object model_object(const crew_card& crew, const std::string& id) {
  return {{"id", id},
          {"object", "model"},
          {"created", crew.loaded_s},
          {"owned_by", "brigade"}};
}

} // namespace

model_api::model_api(std::shared_ptr<io_thread> io, backend& runs,
                     model_api_options options)
    : io_(std::move(io)), runs_(runs), options_(options) {
  // nop
}

void model_api::handle(const route& what, const std::string& client,
                       std::shared_ptr<http_exchange> exchange) {
  json::array models;
  for (const auto& crew : runs_.crews(client))
    models.push_back(model_object(crew, crew.name));
  if (what.what == operation::list_models)
    exchange->respond(json_response(
        200,
        json::serialize(json::object{{"object", "list"}, {"data", models}})));
  else
    exchange->respond(openai_error_of(
        {404, "model_not_found", "there is no such model here"}));
}

} // namespace brigade::net::api
