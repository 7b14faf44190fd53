import { renderMimeBundle } from "./display/mime-bundle";
import { progress } from "./display/progress";
import { setRenderer } from "./runtime/presentation";
import { setProgressFactory } from "./runtime/progress";
import { reportingTrackers } from "./tracking/reporting-trackers";
import { setTrackerFactory } from "./training/tracking";

// the rooms return data; here alone they meet what shows and records it
setRenderer(renderMimeBundle);
setProgressFactory(progress);
setTrackerFactory(reportingTrackers);

export * from "./runtime/errors";
export { memoryUse, type MemoryUse } from "./runtime/memory";
export { tidy } from "./runtime/tidy";
export { gpuUse, type GpuUse } from "./runtime/gpu";
export { describeDevice, DeviceInfo } from "./runtime/describe-device";
export { describeRuntime, type RuntimeInfo } from "./runtime/describe-runtime";
export {
  Presentable,
  type ChartSpec,
  type DetailsSpec,
  type MimeBundle,
  type TableSpec,
  type VerdictSpec,
} from "./runtime/presentation";

export { RecordedFunction, type RecordedFunctionParams } from "./recording/recorded-function";
export { RecordingError } from "./recording/recording-error";

export { startEmbeddedHub, type EmbeddedHub } from "./hub/embedded/embedded-hub";
export { HubError, type HubFailure } from "./hub/hub-error";
export type { PushedCheckpoints } from "./hub/folder-files";
export type { HubOptions } from "./hub/hub-options";
export { modelCard, readModelCard, type ModelCardMetric, type ModelCardParams } from "./hub/model-card";
export { pretrainedFolder, type PretrainedFiles, type RevisionOptions } from "./hub/pretrained-folder";
export { pushToHub, type PushGate, type PushToHubParams, type SpaceSdk } from "./hub/push-to-hub";
export type { PushedRepo } from "./hub/pushed-repo";
export { listRepoFiles } from "./hub/repo-files";
export { listRepoTags } from "./hub/repo-tags";

export { imdbLabelRuns, loadImdb, readReviewParquet, verifyImdb, type ImdbSplit } from "./data/imdb";
export { loadDataset, type LoadDatasetOptions } from "./data/load-dataset";
export type { RowRange } from "./data/parquet-file";
export { loadReviews, type LoadReviewsOptions } from "./data/read-reviews";
export { loadSplits, type LoadSplitsOptions, type ReviewSplits, type SplitSources } from "./data/load-splits";
export { obviousCases, type ObviousCase } from "./data/obvious-cases";
export { countsInPrefix, labelRuns, range, ReviewSet, type LabelRun, type Review } from "./data/review-set";
export { loadRatings, loadSnippets, SENTIMENT, type RatedText } from "./data/snippets";
export { balanced, splitBalanced, splitStratified, type Split } from "./data/splits";

export { collate, type Batch, type CollateOptions, type Feature } from "./tokenization/collator";
export { encodeReviews } from "./tokenization/encode-reviews";
export { Tokenizer, type Encoding } from "./tokenization/tokenizer";

export { AutoModelForSequenceClassification, type ModelConfig } from "./model/auto-model";
export type { BertConfig } from "./model/bert-config";
export type { DistilBertConfig } from "./model/config";
export type { ClassifierConfig } from "./model/config-file";
export { LabelNames, mendLabelNames, readLabelNames } from "./model/label-names";
export {
  openSafetensors,
  readSafetensors,
  writeSafetensors,
  type HostTensor,
  type SafetensorsFile,
  type TensorFile,
  type TensorInfo,
} from "./model/safetensors";
export type { BertModelOptions, ClassifierOptions, ModelOptions } from "./model/model-options";
export {
  BertForSequenceClassification,
  DistilBertForSequenceClassification,
  type FromConfigOptions,
  type FromPretrainedOptions,
} from "./model/sequence-classification";
export { SequenceClassificationModel } from "./model/sequence-classification-model";
export type { SaveOptions } from "./model/weights";

export { ExportedOnnx, exportOnnx } from "./onnx/export-onnx";
export type { Dtype } from "./onnx/arithmetic";

export { integratedGradients } from "./evaluation/attribution/integrated-gradients";
export { leaveOneOut } from "./evaluation/attribution/leave-one-out";
export { TokenWeights, type TokenWeight } from "./evaluation/attribution/token-weights";
export {
  accuracy,
  balancedAccuracy,
  ClassificationReport,
  confusionMatrix,
  predictedShare,
  recall,
  wilsonInterval,
  type Classified,
} from "./evaluation/metrics";
export { expectedStep, meanAbsoluteError, OrdinalReport, withinOneStep } from "./evaluation/ordinal";
export { pipeline, type Classifications, type ClassifiedText, type LabelScore } from "./evaluation/pipeline";
export { argmax, predictLogits, softmax, type PredictParams } from "./evaluation/predict";
export { classificationReport } from "./evaluation/report";
export { bestAssignment } from "./evaluation/significance/assignment";
export { binomialTest } from "./evaluation/significance/binomial-test";
export {
  expectedCalibrationError,
  fitTemperature,
  reliabilityBins,
  type LabelledLogits,
  type ReliabilityBin,
  type TemperatureFit,
} from "./evaluation/significance/calibration";
export {
  chiSquareTest,
  goodnessOfFit,
  type ChiSquareResult,
  type GoodnessOfFit,
} from "./evaluation/significance/chi-square";
export {
  binomialCdf,
  chiSquareSurvival,
  normalCdf,
  normalQuantile,
} from "./evaluation/significance/distributions";
export {
  jensenShannon,
  populationStabilityIndex,
  totalVariation,
} from "./evaluation/significance/divergence";
export { kolmogorovSmirnov, type KolmogorovSmirnov } from "./evaluation/significance/kolmogorov-smirnov";
export { mcnemarTest, type McNemarResult } from "./evaluation/significance/mcnemar";
export {
  compareModels,
  ModelComparison,
  type ComparedModel,
  type ComparisonFinding,
} from "./evaluation/significance/model-comparison";
export { holm } from "./evaluation/significance/multiple-testing";
export type { PairedAnswers } from "./evaluation/significance/paired-answers";
export {
  pairedBootstrap,
  type BootstrapParams,
  type BootstrapResult,
} from "./evaluation/significance/paired-bootstrap";
export { runsTest, type RunsTestResult } from "./evaluation/significance/runs-test";
export {
  examplesToShow,
  examplesToShowUnpaired,
  type SureEnough,
} from "./evaluation/significance/sample-size";
export {
  signEvidence,
  signInterval,
  type WinsAndLosses,
} from "./evaluation/significance/sequential-sign-test";
export { welchTest, type WelchTest } from "./evaluation/significance/welch-test";

export type { CallbackContext, TrainerCallback, TrainerControl } from "./training/callbacks";
export { balancedClassWeights } from "./training/class-weights";
export { accuracyOnly, evaluateModel, type ComputeMetrics, type Metrics } from "./training/evaluate";
export type { ReportTo, TrackerName } from "./training/report-to";
export { EarlyStoppingCallback, type EarlyStoppingOptions } from "./training/early-stopping";
export type { PredictionOutput } from "./training/evaluation-loop";
export { LogTable } from "./training/log-table";
export type { LossOptions } from "./training/loss";
export type { LrSchedulerKwargs, LrSchedulerType } from "./training/lr-scheduler";
export { ResourceMonitor, type ResourceSample } from "./training/resource-monitor";
export {
  StepTimes,
  timePredictions,
  timeSteps,
  type StepTime,
  type TimeStepsParams,
} from "./training/step-time";
export { Trainer, type TrainerParams, type TrainOptions } from "./training/trainer";
export type { TrainOutput } from "./training/train-output";
export type { CallbackState, LogEntry, TrainerState } from "./training/trainer-state";
export type { TrainingArguments } from "./training/training-arguments";
export { WatchSet, type WatchedPoint } from "./training/watch-set";

export { defineCheck, type Check, type CheckArea, type CheckVerdict, type Finding } from "./diagnosis/check";
export { CHECKS } from "./diagnosis/checks";
export { diagnose, type DiagnoseOptions } from "./diagnosis/diagnose";
export { DiagnosisReport, type CheckResult, type DiagnosisJson } from "./diagnosis/diagnosis-report";
export { modelSubject, type ModelSubject, type ModelSubjectOptions } from "./diagnosis/model-subject";
export { reportText } from "./diagnosis/report-text";
export type { SkippedCheck } from "./diagnosis/skipped-checks";
export type { Examination } from "./diagnosis/examination";
export { Predictions } from "./diagnosis/predictions";
export type { Subject, TrainedRun } from "./diagnosis/subject";
export { ConstantPredictors, type ConstantScore } from "./diagnosis/constant-predictor";
export { checkObviousCases, ObviousCaseCheck, type CheckedCase } from "./diagnosis/obvious-case-check";
export {
  checkLabelMapping,
  LabelMappingCheck,
  type LabelMappingFinding,
  type ReadingScore,
} from "./diagnosis/label-mapping-check";

export type { LoggedPrediction } from "./serving/logged-prediction";
export { readRequestLog, type RequestLogContent } from "./serving/read-request-log";
export { startServer, type ClassificationServer, type ServerParams } from "./serving/server";
export type { ServingLimits } from "./serving/serving-limits";

export { ALERT_RULES, type AlertRule } from "./monitoring/alert-rules";
export { Alerts, raiseAlerts, type Alert } from "./monitoring/alerts";
export type { DriftFinding, DriftVerdict } from "./monitoring/drift-finding";
export {
  DRIFT_QUESTIONS,
  type DriftMeasure,
  type DriftQuestion,
  type DriftQuestionName,
} from "./monitoring/drift-questions";
export { DriftReport, type DriftWindow } from "./monitoring/drift-report";
export {
  falseAlarms,
  FalseAlarms,
  type FalseAlarmParams,
  type FalseAlarmRate,
} from "./monitoring/false-alarms";
export {
  PeekingSimulation,
  simulatePeeking,
  type PeekingParams,
  type StoppingRule,
} from "./monitoring/peeking";
export { disagreements, pairArrivals, type Disagreement, type Preference } from "./monitoring/preferences";
export { replayTraffic, type ReplayParams } from "./monitoring/replay-traffic";
export {
  compareSequentially,
  SequentialComparison,
  type SequentialParams,
} from "./monitoring/sequential-comparison";
export type { Traffic } from "./monitoring/traffic";
export { trafficBaseline, type TrafficBaseline } from "./monitoring/traffic-baseline";
export type { WindowSize } from "./monitoring/traffic-windows";
export { watchTraffic, type WatchOptions } from "./monitoring/watch-traffic";

export { pushSpace, type PushSpaceParams } from "./space/push-space";
export type { PushedSpace } from "./space/pushed-space";
export type { DemoSdk } from "./space/shown-model";

export * from "./story/answer-check";
export { openStory, type Story } from "./story/story";
export type { StoryHub } from "./story/story-hub";
export type { StoryReviews } from "./story/story-reviews";
export type { Verdict, VerdictRecord } from "./story/verdict";

export * from "./display/chart-vocabulary";
export { fromDataFrame, toDataFrame, type DataFrame } from "./display/data-frame";
export { display } from "./display/display";
export { htmlPage, type HtmlPageParams } from "./display/page";
