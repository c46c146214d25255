import { pathText, type DocumentPath } from '../../domain/document-path.ts';

/** One thing that keeps a mapping from being used. */
export interface MappingProblem {
  /** `activities.call[2].transforms[0].max`; empty for the document as a whole. */
  readonly path: string;
  /** What is wrong. */
  readonly message: string;
  /** What would be right. */
  readonly fix: string;
}

/** One thing that a mapping may do without being wrong, and what may come of it. */
export interface MappingWarning {
  readonly path: string;
  readonly message: string;
  /** What happens if nothing is done. */
  readonly risk: string;
  readonly fix: string;
}

/** Takes problems as they are found; all are looked for, not only the first. */
export interface Reporter {
  readonly problem: (path: DocumentPath, message: string, fix: string) => void;
  readonly warning: (path: DocumentPath, message: string, risk: string, fix: string) => void;
}

/** A reporter, and what it was told. */
export interface Report extends Reporter {
  readonly problems: readonly MappingProblem[];
  readonly warnings: readonly MappingWarning[];
}

/** An empty report. */
export function openReport(): Report {
  const problems: MappingProblem[] = [];
  const warnings: MappingWarning[] = [];
  return {
    problems,
    warnings,
    problem: (path, message, fix) => void problems.push({ path: pathText(path), message, fix }),
    warning: (path, message, risk, fix) => void warnings.push({ path: pathText(path), message, risk, fix }),
  };
}
