# Asks for one component, and ends with what the package says about it.
find_package(brigade REQUIRED COMPONENTS "${COMPONENT}")
