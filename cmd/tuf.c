/* SPDX-License-Identifier: MIT */
/*
 * Following a TUF repository: which one, by what metadata, at what time.
 */
#include "tuf.h"

bulla_status bu_tuf_begin(bu_cli *cli, const bu_tuf_args *args, bu_network *network,
                          bulla_tuf_options *out, bulla_error *err)
{
    *out = (bulla_tuf_options){
        .folder = args->folder == NULL ? "." : args->folder,
        .url = args->url,
        .fetcher = &network->fetcher,
        .now = bu_now(cli, &args->at),
    };
    return bu_network_begin(cli, args->allow_loopback_http, network, err);
}
