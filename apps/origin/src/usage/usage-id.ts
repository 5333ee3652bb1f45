import type { UsagePeriod } from '@knot/domain';

export function usageId(subject: string, { bucket, since }: UsagePeriod): string {
  return `${subject}/${bucket}/${new Date(since).toISOString().slice(0, 10)}`;
}
