/* Prints what libical understands of each file in a folder. Times come from the file's own
   VTIMEZONE. */
#include <dirent.h>
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void string(const char *text)
{
    if (text == NULL) {
        printf("null");
        return;
    }
    putchar('"');
    for (const unsigned char *c = (const unsigned char *)text; *c != 0; c++) {
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if (*c < 0x20)
            printf("\\u%04x", *c);
        else
            putchar(*c);
    }
    putchar('"');
}

static long long instant(struct icaltimetype time)
{
    return (long long)icaltime_as_timet_with_zone(time, icaltime_get_timezone(time));
}

static const char *status(icalcomponent *event)
{
    icalproperty *property = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY);
    return property ? icalproperty_status_to_string(icalproperty_get_status(property)) : NULL;
}

static void event(icalcomponent *event)
{
    printf("{\"uid\":");
    string(icalcomponent_get_uid(event));
    printf(",\"sequence\":%d,\"start\":%lld,\"end\":%lld,\"summary\":",
           icalcomponent_get_sequence(event), instant(icalcomponent_get_dtstart(event)),
           instant(icalcomponent_get_dtend(event)));
    string(icalcomponent_get_summary(event));
    printf(",\"location\":");
    string(icalcomponent_get_location(event));
    printf(",\"description\":");
    string(icalcomponent_get_description(event));
    printf(",\"status\":");
    string(status(event));
    printf(",\"attendees\":[");
    const char *comma = "";
    for (icalproperty *one = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
         one != NULL; one = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY)) {
        printf("%s", comma);
        string(icalproperty_get_attendee(one));
        comma = ",";
    }
    printf("]}");
}

static void file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        exit(1);
    fseek(stream, 0, SEEK_END);
    long size = ftell(stream);
    rewind(stream);
    char *text = calloc(1, (size_t)size + 1);
    if (text == NULL || fread(text, 1, (size_t)size, stream) != (size_t)size)
        exit(1);
    fclose(stream);
    icalcomponent *calendar = icalparser_parse_string(text);
    free(text);
    if (calendar == NULL || icalcomponent_count_errors(calendar) != 0) {
        fprintf(stderr, "%s: libical finds errors\n", name);
        exit(1);
    }
    icalproperty_method method = icalcomponent_get_method(calendar);
    printf("{\"file\":");
    string(name);
    printf(",\"method\":\"%s\",\"events\":[", icalproperty_method_to_string(method));
    const char *comma = "";
    for (icalcomponent *one = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         one != NULL;
         one = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        printf("%s", comma);
        event(one);
        comma = ",";
    }
    printf("]}\n");
    icalcomponent_free(calendar);
}

static int is_calendar(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return end != NULL && strcmp(end, ".ics") == 0;
}

int main(int count, char **arguments)
{
    struct dirent **names;
    int found = count == 2 ? scandir(arguments[1], &names, is_calendar, alphasort) : -1;
    if (found < 0)
        return 1;
    for (int at = 0; at < found; at++)
        file(arguments[1], names[at]->d_name);
    return 0;
}
