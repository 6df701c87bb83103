/// A folder of its own for a test, removed at its end.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

class scratch_folder {
public:
  scratch_folder() {
    auto pattern =
        (std::filesystem::temp_directory_path() / "brigade-test-XXXXXX")
            .string();
    path_ = ::mkdtemp(pattern.data());
  }

  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  std::string path(std::string_view name) const {
    return path_ + "/" + std::string{name};
  }

  std::string write(std::string_view name, std::string_view content) const {
    auto file = path(name);
    std::ofstream out{file, std::ios::binary};
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    return file;
  }

  static std::string read(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  std::size_t count() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator{path_}, {}));
  }

private:
  std::string path_;
};
