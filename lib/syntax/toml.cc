/* SPDX-License-Identifier: MIT */
/*
 * The one door to toml++, and the one file of C++. It parses a whole document
 * and tells it to a sink of C functions, without recursion.
 */
#undef TOML_SHARED_LIB
#undef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY       1
#define TOML_EXCEPTIONS        0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_FLOAT_CHARCONV    1 /* a stream would take lack of memory for bad syntax */
/* toml++ 3.3 asserts, or has the compiler assume, what a hostile text makes untrue; the checks that
 * follow each such place are right. */
#include <toml++/impl/forward_declarations.h>
#undef TOML_ASSERT
#undef TOML_ASSERT_ASSUME
#undef TOML_ASSUME
#undef TOML_UNREACHABLE
#define TOML_ASSERT(expr)        static_assert(true)
#define TOML_ASSERT_ASSUME(expr) static_assert(true)
#define TOML_ASSUME(expr)        static_assert(true)
/* And it takes it for unreachable that a letter beyond ASCII is asked for being a blank. */
#define TOML_UNREACHABLE return false
#include <toml++/impl/unicode.h>
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE __builtin_trap()
#include <toml++/toml.h>

#include <vector>

#include "syntax/toml.h"

namespace
{

bu_toml_place place_of(const toml::source_position &position)
{
    return { position.line, position.column };
}

/* What is left to tell of one array or table. */
struct level {
    const toml::array *array;
    size_t element;
    const toml::table *table;
    toml::table::const_iterator field;
};

level level_of(const toml::node &node)
{
    level l{ node.as_array(), 0, node.as_table(), {} };
    if (l.table != nullptr)
        l.field = l.table->cbegin();
    return l;
}

bu_toml_item item_of(const toml::node &node)
{
    bu_toml_item item{};
    item.begin = place_of(node.source().begin);
    item.end = place_of(node.source().end);
    switch (node.type()) {
    case toml::node_type::table:
        item.kind = BU_TOML_TABLE;
        break;
    case toml::node_type::array:
        item.kind = BU_TOML_ARRAY;
        break;
    case toml::node_type::string:
        item.kind = BU_TOML_STRING;
        item.text = node.as_string()->get().data();
        item.text_len = node.as_string()->get().size();
        break;
    case toml::node_type::integer:
        item.kind = BU_TOML_INTEGER;
        item.integer = node.as_integer()->get();
        break;
    case toml::node_type::floating_point:
        item.kind = BU_TOML_REAL;
        break;
    case toml::node_type::boolean:
        item.kind = BU_TOML_BOOL;
        item.integer = node.as_boolean()->get();
        break;
    case toml::node_type::date_time:
        item.kind = node.as_date_time()->get().is_local() ? BU_TOML_LOCAL_TIME : BU_TOML_TIME;
        break;
    default: /* date, time */
        item.kind = BU_TOML_LOCAL_TIME;
        break;
    }
    return item;
}

class teller
{
  public:
    explicit teller(const bu_toml_sink &to) : sink(to)
    {
    }

    bool tell(const toml::table &root)
    {
        if (!tell_node(root, nullptr))
            return false;
        while (!levels.empty())
            if (!tell_next(levels.back()))
                return false;
        return true;
    }

  private:
    bool tell_next(level &l)
    {
        if (l.array != nullptr && l.element < l.array->size())
            return tell_node((*l.array)[l.element++], nullptr);
        if (l.table != nullptr && l.field != l.table->cend()) {
            auto field = l.field++;
            return tell_node(field->second, &field->first);
        }
        levels.pop_back();
        sink.close(sink.context);
        return true;
    }

    bool tell_node(const toml::node &node, const toml::key *key)
    {
        bu_toml_item item = item_of(node);
        if (key != nullptr) {
            item.key = key->str().data();
            item.key_len = key->str().size();
        }
        if (!sink.item(sink.context, &item))
            return false;
        if (item.kind == BU_TOML_ARRAY || item.kind == BU_TOML_TABLE)
            levels.push_back(level_of(node));
        return true;
    }

    const bu_toml_sink &sink;
    std::vector<level> levels;
};

} // namespace

bu_toml_outcome bu_toml_read(const char *text, size_t len, const bu_toml_sink *sink)
try {
    toml::parse_result result = toml::parse(std::string_view{ text, len });
    if (!result) {
        std::string why{ result.error().description() };
        sink->refuse(sink->context, why.c_str(), place_of(result.error().source().begin));
        return BU_TOML_STOPPED;
    }
    return teller(*sink).tell(result.table()) ? BU_TOML_DONE : BU_TOML_STOPPED;
} catch (...) { /* toml++ itself throws nothing, so that it was operator new */
    return BU_TOML_NO_MEMORY;
}
