/* SPDX-License-Identifier: MIT */
/*
 * Every limit that bulla holds foreign input to, with its unit. All are on by
 * default; over a limit is `resource-limit`, never a partial result. bulla(1)
 * shows this list: tests/meta/limits.py keeps the two equal.
 */
#ifndef BU_BASE_LIMITS_H
#define BU_BASE_LIMITS_H

#define BU_LIMIT_DOCUMENT_BYTES (256u << 20) /* lockfile, manifest, SBOM */
#define BU_LIMIT_METADATA_BYTES                                                                    \
    (16u << 20) /* envelope, trust metadata, policy, key, manifest in an archive */
#define BU_LIMIT_EVIDENCE_BYTES   (256u << 20) /* a file of signatures or attestations */
#define BU_LIMIT_ARCHIVE_BYTES    (4ull << 30) /* one archive as stored */
#define BU_LIMIT_INFLATED_BYTES   (4ull << 30) /* one archive or index after decompression */
#define BU_LIMIT_INFLATE_RATIO    1000u /* inflated : stored, judged beyond the first 16 MiB */
#define BU_LIMIT_RATIO_FREE_BYTES (16u << 20)   /* inflated bytes below which no ratio is judged */
#define BU_LIMIT_MEMBERS          200000u       /* members of one archive */
#define BU_LIMIT_LAYER_MEMBERS    1000000u      /* members of one layer of an image */
#define BU_LIMIT_LAYER_NAME_BYTES (128u << 20)  /* their names */
#define BU_LIMIT_LAYERS           256u          /* layers of one image */
#define BU_LIMIT_IMAGES           64u           /* images of one layout or archive */
#define BU_LIMIT_IMAGE_BYTES      (64ull << 30) /* an archive of images */
#define BU_LIMIT_NESTED_ARCHIVES  3u            /* archives in archives, deep (jar, war) */
#define BU_LIMIT_NAME_BYTES       4096u         /* one member, package or file name */
#define BU_LIMIT_TREE_DEPTH       128u          /* nesting of JSON, TOML, YAML and XML */
#define BU_LIMIT_TREE_NODES       50000000u     /* values in one document */
#define BU_LIMIT_XML_NAMES_BYTES  (1u << 17)    /* distinct names of one XML document */
#define BU_LIMIT_ATTRIBUTES       256u          /* attributes of one XML element */
#define BU_LIMIT_BLANKS           4096u      /* blanks and line ends in a row in a YAML document */
#define BU_LIMIT_LINE_BYTES       (1u << 20) /* one line of a line-based text */
#define BU_LIMIT_FIELDS           128u       /* fields of one stanza */
#define BU_LIMIT_COMPONENTS       5000000u   /* components of one run */
#define BU_LIMIT_NESTED_BYTES                                                                      \
    (1u << 20) /* paths of nested packages, beyond the size of their lockfile */
#define BU_LIMIT_SIGNATURES     64u        /* signatures of one envelope or message */
#define BU_LIMIT_NOTE_SIGNERS   100u       /* signatures of one note, with those of unknown keys */
#define BU_LIMIT_LOG_ENTRIES    16u        /* log entries of one bundle */
#define BU_LIMIT_TIMESTAMPS     16u        /* time stamps of one signature */
#define BU_LIMIT_CERTIFICATES   16u        /* certificates of one signature */
#define BU_LIMIT_PROOF_HASHES   64u        /* hashes of one inclusion proof */
#define BU_LIMIT_SUBJECTS       100000u    /* subjects of one statement */
#define BU_LIMIT_LEVELS         1000u      /* levels of one verification summary */
#define BU_LIMIT_ANSWER_BYTES   (4u << 20) /* answer of another policy engine */
#define BU_LIMIT_DENIALS        100000u    /* denials of one such answer */
#define BU_LIMIT_REVISIONS      100u       /* revisions of its policy that are shown */
#define BU_LIMIT_ENVELOPES      100000u    /* envelopes beside one artifact */
#define BU_LIMIT_WAIVERS        10000u     /* lines of waivers of one project */
#define BU_LIMIT_KEYS           4096u      /* keys of one trust store */
#define BU_LIMIT_RULES          1000u      /* rules of one policy */
#define BU_LIMIT_RULE_ENTRIES   1000u      /* patterns or proofs in one list of a rule */
#define BU_LIMIT_GATES          64u        /* gates of one policy */
#define BU_LIMIT_GATE_PEOPLE    12u        /* people that one gate needs, over all its needs */
#define BU_LIMIT_DECISION_LIST  64u        /* patterns or words in one list of a decision */
#define BU_LIMIT_REVIEWS        32u        /* reviews that lean on each other */
#define BU_LIMIT_ROOT_VERSIONS  1024u      /* root versions walked in one run */
#define BU_LIMIT_TUF_ROOT_BYTES (1u << 20) /* root metadata of a TUF repository */
#define BU_LIMIT_TUF_TIME_BYTES (1u << 17) /* timestamp metadata of a TUF repository */
#define BU_LIMIT_TUF_ROLES      64u        /* delegated roles searched for one target */
#define BU_LIMIT_FOLDERS        200000u    /* folders of one project that are searched */
#define BU_LIMIT_FOLDER_DEPTH   128u       /* folders in each other that are searched */
#define BU_LIMIT_FOLDER_ENTRIES 1000000u   /* entries of one folder that is searched */
#define BU_LIMIT_TREE_FILES     4000000u   /* files and folders of one tree that is compared */
#define BU_LIMIT_TREE_PATHS     1000u /* paths that are listed of one package that is not as it was */
#define BU_LIMIT_KDF_ITERATIONS 10000000u  /* PBKDF2 of an encrypted PKCS#8 key */
#define BU_LIMIT_KDF_ROUNDS     1000u      /* bcrypt of an encrypted key */
#define BU_LIMIT_KDF_SCRYPT     (1u << 26) /* scrypt of an encrypted key: 4 N r p */
#define BU_LIMIT_KDF_PASSES     16u        /* Argon2id of an encrypted key */
#define BU_LIMIT_KDF_BYTES      (1u << 30) /* Argon2id or scrypt of an encrypted key */
#define BU_LIMIT_JOBS           64u        /* worker threads */
#define BU_CLOCK_SKEW_SECONDS   300        /* how far in the future a signed time may be */

#endif
