// The elements that draw results.
const define = definer(VIEWS);

export { LoopBiomarker, LoopBiomarkers, LoopElement, LoopNumberLine, LoopTrend, define };
