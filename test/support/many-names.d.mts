export declare function typeOf(number: number): 'A' | 'AAAA' | 'TXT';
export declare function addressOf(number: number): string;
export declare function limitOf(number: number): number;
