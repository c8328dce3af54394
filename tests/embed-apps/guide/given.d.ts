// What the guide's snippets take from around them, as it has it.
declare const process: { env: Record<string, string | undefined> };
declare const req: { query: { code: string; state: string } };
declare const storedVerifier: import('loop-partner/sdk').CodeVerifier;

interface Given {
  header(name: string): string | undefined;
}
interface Answer {
  status(code: number): { end(): void };
}
declare const app: { post(path: string, handler: (req: Given, res: Answer) => unknown): void };
declare const rawBody: string;
declare function alreadyProcessed(eventId: string | undefined): Promise<boolean>;
declare function markProcessed(eventId: string | undefined): Promise<void>;
declare function handleBiomarker(data: unknown): Promise<void>;
declare const Buffer: { from(text: string): Uint8Array };
declare module 'node:crypto' {
  interface Hmac {
    update(text: string): Hmac;
    digest(encoding: 'hex'): string;
  }
  const crypto: { createHmac(algorithm: string, key: string): Hmac; timingSafeEqual(one: Uint8Array, other: Uint8Array): boolean };
  export default crypto;
}
