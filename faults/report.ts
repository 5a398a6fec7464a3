/** What a fault run says of itself. */
export interface FaultReport {
  fault: string;
  injected: number;
  violations: string[];
}
