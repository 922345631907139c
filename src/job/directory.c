#include "base/status.h"
#include "job/shard.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names of the files of a job: at least four digits, and one of these endings. */
static const char *const endings[] = {".job", ".state", ".result", ".cert.zst", ".verdict", NULL};
/* The others.  Without the trunk, which goes first, the rest is no division. */
static const char *const singles[] = {"trunk",          "network.json",  "domain.json",
                                      "trunk.cert.zst", "trunk.verdict", "total.json",
                                      "verified",       "array",         NULL};

static char *inside(const char *directory, const char *name)
{
    crease_text path = {NULL, 0, 0};
    crease_text_add(&path, "%s/%s", directory, name);
    return path.text;
}

/* Is this the name of a job's file with the ending? */
static bool is_named(const char *name, const char *ending)
{
    size_t digits = strspn(name, "0123456789");
    return digits >= 4 && !strcmp(name + digits, ending);
}

static crease_status remove_file(const char *directory, const char *name, crease_error *error)
{
    char *path = inside(directory, name);
    crease_status status = CREASE_OK;
    if (unlink(path) && errno != ENOENT)
        status = crease_fail(error, CREASE_INPUT, "%s: cannot remove: %s", path, strerror(errno));
    free(path);
    return status;
}

/* NULL, and no error, if there is no such directory. */
static crease_status list(const char *directory, DIR **files, crease_error *error)
{
    *files = opendir(directory);
    return *files || errno == ENOENT ? CREASE_OK
                                     : crease_fail(error, CREASE_INPUT, "%s: cannot open: %s",
                                                   directory, strerror(errno));
}

crease_status crease_shard_clear(const char *directory, crease_error *error)
{
    DIR *files;
    crease_status status = list(directory, &files, error);
    if (status || !files)
        return status;
    for (size_t i = 0; singles[i] && !status; i++)
        status = remove_file(directory, singles[i], error);
    for (struct dirent *entry; !status && (entry = readdir(files));)
        for (size_t i = 0; endings[i] && !status; i++)
            if (is_named(entry->d_name, endings[i]))
                status = remove_file(directory, entry->d_name, error);
    closedir(files);
    return status;
}

/* The jobs of a division that was not finished. */
static crease_status remove_jobs(const char *directory, crease_error *error)
{
    DIR *files;
    crease_status status = list(directory, &files, error);
    for (struct dirent *entry; files && !status && (entry = readdir(files));) {
        crease_words words;
        if (!is_named(entry->d_name, endings[0]))
            continue;
        char *path = inside(directory, entry->d_name);
        status = crease_words_open(&words, path, "crease-job", error);
        free(path);
        if (status)
            break;
        crease_words_close(&words);
        status = remove_file(directory, entry->d_name, error);
    }
    if (files)
        closedir(files);
    return status;
}

/* A file that exists must have the content that would be written. */
static crease_status same_content(const char *directory, const crease_network *network,
                                  const crease_domain *domain, crease_error *error)
{
    struct stat there;
    crease_error why;
    crease_job_subject own, other;
    crease_network *old = NULL;
    crease_domain *place = NULL;
    char *path = inside(directory, "network.json"), *where = inside(directory, "domain.json");
    crease_job_subject_of(&own, network, domain);
    crease_status status = CREASE_OK;
    if (!lstat(path, &there)) {
        bool same = !crease_network_read(path, &old, &why);
        if (same)
            crease_job_subject_of(&other, old, NULL);
        if (!same || strcmp(own.network, other.network))
            status =
                crease_fail(error, CREASE_INPUT, "%s: not this network; it is not replaced", path);
    }
    if (!status && domain && !lstat(where, &there)) {
        bool same = !crease_domain_read(where, crease_network_inputs(network), &place, &why);
        if (same)
            crease_job_subject_of(&other, network, place);
        if (!same || strcmp(own.domain, other.domain))
            status =
                crease_fail(error, CREASE_INPUT, "%s: not this domain; it is not replaced", where);
    }
    crease_network_free(old);
    crease_domain_free(place);
    free(path);
    free(where);
    return status;
}

crease_status crease_shard_enter(const char *directory, const crease_network *network,
                                 const crease_domain *domain, size_t asked, bool *found,
                                 crease_trunk *trunk, crease_error *error)
{
    crease_job_subject subject;
    struct stat there;
    *found = false;
    if (mkdir(directory, 0777) && errno != EEXIST)
        return crease_fail(error, CREASE_INPUT, "%s: cannot create: %s", directory,
                           strerror(errno));
    char *path = inside(directory, "trunk");
    bool used = !lstat(path, &there);
    free(path);
    crease_status status = used ? crease_trunk_read(directory, trunk, error)
                                : same_content(directory, network, domain, error);
    if (!used)
        return status ? status : remove_jobs(directory, error);
    if (status)
        return status;
    crease_job_subject_of(&subject, network, domain);
    *found = !strcmp(subject.network, trunk->head.subject.network) &&
             !strcmp(subject.domain, trunk->head.subject.domain);
    if (*found && trunk->asked == asked)
        return CREASE_OK;
    status = *found ? crease_fail(error, CREASE_INPUT,
                                  "%s: has this count in %zu jobs already, not in %zu", directory,
                                  trunk->asked, asked)
                    : crease_fail(error, CREASE_INPUT, "%s: has the jobs of another count already",
                                  directory);
    *found = false;
    crease_trunk_free(trunk);
    return status;
}
