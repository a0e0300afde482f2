#include "record.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names.h"

// A line of JSON that grows by a key at a time.
typedef struct {
  char text[2048];
  size_t length;
} Line;

__attribute__((format(printf, 2, 3))) static void append(Line *line, const char *format, ...)
{
  va_list values;
  va_start(values, format);
  size_t room = sizeof(line->text) - line->length;
  int written = vsnprintf(line->text + line->length, room, format, values);
  va_end(values);
  if (written < 0 || (size_t)written >= room) abort();
  line->length += (size_t)written;
}

static void addKey(Line *line, const char *key)
{
  append(line, "%s\"%s\":", line->length == 0 ? "{" : ",", key);
}

static void addNumber(Line *line, const char *key, double value)
{
  addKey(line, key);
  append(line, "%.10g", value);
}

static void addText(Line *line, const char *key, const char *value)
{
  addKey(line, key);
  append(line, "\"%s\"", value);
}

static void addFlag(Line *line, const char *key, unsigned int value)
{
  addKey(line, key);
  append(line, "%s", value ? "true" : "false");
}

static void addSession(Line *line, const NV_ENC_INITIALIZE_PARAMS *asked)
{
  char api[16];
  snprintf(api, sizeof(api), "%d.%d", NVENCAPI_MAJOR_VERSION, NVENCAPI_MINOR_VERSION);
  addText(line, "api", api);
  addText(line, "codec", guidName(asked->encodeGUID));
  addText(line, "preset", guidName(asked->presetGUID));
  addText(line, "tuning", tuningName(asked->tuningInfo));
  addNumber(line, "width", asked->encodeWidth);
  addNumber(line, "height", asked->encodeHeight);
  addNumber(line, "frameRate", (double)asked->frameRateNum / asked->frameRateDen);
}

static void addRateControl(Line *line, const NV_ENC_RC_PARAMS *asked)
{
  addText(line, "rateControl", rateControlName(asked->rateControlMode));
  addNumber(line, "averageBitrate", asked->averageBitRate);
  addNumber(line, "maxBitrate", asked->maxBitRate);
  addNumber(line, "vbvBufferSize", asked->vbvBufferSize);
  addNumber(line, "qpP", asked->constQP.qpInterP);
  addNumber(line, "qpB", asked->constQP.qpInterB);
  addNumber(line, "qpI", asked->constQP.qpIntra);
  addNumber(line, "targetQuality", asked->targetQuality + asked->targetQualityLSB / 256.0);
  addText(line, "multiPass", multiPassName(asked->multiPass));
  addNumber(line, "lookahead", asked->enableLookahead ? asked->lookaheadDepth : 0);
  addFlag(line, "sceneCutKeyframes", asked->enableLookahead && !asked->disableIadapt);
  addFlag(line, "spatialAq", asked->enableAQ);
  addFlag(line, "temporalAq", asked->enableTemporalAQ);
}

static void addFrames(Line *line, const NV_ENC_CONFIG *asked)
{
  addText(line, "profile", guidName(asked->profileGUID));
  addNumber(line, "gopLength", asked->gopLength);
  addNumber(line, "bFrames", asked->frameIntervalP - 1);
}

static void addH264(Line *line, const NV_ENC_CONFIG_H264 *asked)
{
  addNumber(line, "level", asked->level);
  addText(line, "entropy", entropyName(asked->entropyCodingMode));
  addNumber(line, "idrPeriod", asked->idrPeriod);
  addText(line, "bRefMode", bRefModeName(asked->useBFramesAsRef));
  addFlag(line, "repeatHeaders", asked->repeatSPSPPS);
  addFlag(line, "fullRange", asked->h264VUIParameters.videoFullRangeFlag);
}

static void addHevc(Line *line, const NV_ENC_CONFIG_HEVC *asked)
{
  addNumber(line, "level", asked->level);
  addNumber(line, "idrPeriod", asked->idrPeriod);
  addText(line, "bRefMode", bRefModeName(asked->useBFramesAsRef));
  addFlag(line, "repeatHeaders", asked->repeatSPSPPS);
}

static void addAv1(Line *line, const NV_ENC_CONFIG_AV1 *asked)
{
  addNumber(line, "level", asked->level);
  addNumber(line, "idrPeriod", asked->idrPeriod);
  addText(line, "bRefMode", bRefModeName(asked->useBFramesAsRef));
  addFlag(line, "repeatHeaders", asked->repeatSeqHdr);
}

// One write to the end of the file is not torn apart by that of another session, thread or process.
static void appendToLog(const Line *line)
{
  const char *path = getenv("STAND_IN_LOG");
  if (path == NULL) return;
  int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0 || write(file, line->text, line->length) != (ssize_t)line->length) {
    perror("stand-in: STAND_IN_LOG cannot be written");
    abort();
  }
  close(file);
}

void recordEncoder(const NV_ENC_INITIALIZE_PARAMS *asked)
{
  const NV_ENC_CONFIG *config = asked->encodeConfig;
  const char *codec = guidName(asked->encodeGUID);
  Line line = {.length = 0};
  addSession(&line, asked);
  addRateControl(&line, &config->rcParams);
  addFrames(&line, config);
  if (strcmp(codec, "h264") == 0) addH264(&line, &config->encodeCodecConfig.h264Config);
  if (strcmp(codec, "hevc") == 0) addHevc(&line, &config->encodeCodecConfig.hevcConfig);
  if (strcmp(codec, "av1") == 0) addAv1(&line, &config->encodeCodecConfig.av1Config);
  append(&line, "}\n");
  appendToLog(&line);
}
