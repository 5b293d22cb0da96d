/* SPDX-License-Identifier: MIT */
/*
 * Target: bu_publishers_read() and bu_publishers_write(). What is refused says where; what is
 * accepted is written as a text that is read and written as the same.
 */
#include "fuzz.h"

#include "policy/publishers.h"

static void check_written(const bu_publishers *lock)
{
    bu_publishers again = { 0 };
    bu_buf first = { 0 }, second = { 0 };
    bu_publishers_write(lock, &first);
    FUZZ_CHECK(bulla_ok(bu_publishers_init(&again, NULL)));
    FUZZ_CHECK(bulla_ok(bu_publishers_read(bu_buf_bytes(&first), "bulla.lock", &again, NULL)));
    bu_publishers_write(&again, &second);
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&first), bu_buf_bytes(&second)));
    bu_publishers_clear(&again);
    bu_buf_clear(&first);
    bu_buf_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes copy = fuzz_copy(data, size);
    bu_publishers lock = { 0 };
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_publishers_init(&lock, &err)));
    bulla_status status = bu_publishers_read(copy, "bulla.lock", &lock, &err);
    if (bulla_ok(status))
        check_written(&lock);
    else
        fuzz_check_refusal(status, &err, size);
    bu_publishers_clear(&lock);
    fuzz_free(copy);
    return 0;
}
