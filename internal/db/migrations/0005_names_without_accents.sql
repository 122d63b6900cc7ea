-- A name is kept for order and for the filter without accents: horak finds Horák.
-- New names are folded by the program; here are those that were there before.

UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'à', 'a'), 'á', 'a'), 'â', 'a'), 'ã', 'a'), 'ä', 'a'), 'å', 'a'), 'ā', 'a'), 'ă', 'a'), 'ą', 'a'), 'ạ', 'a'), 'ả', 'a'), 'ấ', 'a'), 'ầ', 'a'), 'ẩ', 'a'), 'ẫ', 'a'), 'ậ', 'a'), 'ắ', 'a'), 'ằ', 'a'), 'ẳ', 'a'), 'ẵ', 'a'), 'ặ', 'a');
UPDATE users SET name_folded = REPLACE(name_folded, 'æ', 'ae');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'ç', 'c'), 'ć', 'c'), 'ĉ', 'c'), 'ċ', 'c'), 'č', 'c');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(name_folded, 'ð', 'd'), 'ď', 'd'), 'đ', 'd');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'è', 'e'), 'é', 'e'), 'ê', 'e'), 'ë', 'e'), 'ē', 'e'), 'ĕ', 'e'), 'ė', 'e'), 'ę', 'e'), 'ě', 'e'), 'ẹ', 'e'), 'ẻ', 'e'), 'ẽ', 'e'), 'ế', 'e'), 'ề', 'e'), 'ể', 'e'), 'ễ', 'e'), 'ệ', 'e');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'ĝ', 'g'), 'ğ', 'g'), 'ġ', 'g'), 'ģ', 'g');
UPDATE users SET name_folded = REPLACE(REPLACE(name_folded, 'ĥ', 'h'), 'ħ', 'h');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'ì', 'i'), 'í', 'i'), 'î', 'i'), 'ï', 'i'), 'ĩ', 'i'), 'ī', 'i'), 'ĭ', 'i'), 'į', 'i'), 'ı', 'i'), 'ỉ', 'i'), 'ị', 'i');
UPDATE users SET name_folded = REPLACE(name_folded, 'ĳ', 'ij');
UPDATE users SET name_folded = REPLACE(name_folded, 'ĵ', 'j');
UPDATE users SET name_folded = REPLACE(name_folded, 'ķ', 'k');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'ĺ', 'l'), 'ļ', 'l'), 'ľ', 'l'), 'ł', 'l');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'ñ', 'n'), 'ń', 'n'), 'ņ', 'n'), 'ň', 'n');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'ò', 'o'), 'ó', 'o'), 'ô', 'o'), 'õ', 'o'), 'ö', 'o'), 'ø', 'o'), 'ō', 'o'), 'ŏ', 'o'), 'ő', 'o'), 'ọ', 'o'), 'ỏ', 'o'), 'ố', 'o'), 'ồ', 'o'), 'ổ', 'o'), 'ỗ', 'o'), 'ộ', 'o'), 'ớ', 'o'), 'ờ', 'o'), 'ở', 'o'), 'ỡ', 'o'), 'ợ', 'o');
UPDATE users SET name_folded = REPLACE(name_folded, 'œ', 'oe');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(name_folded, 'ŕ', 'r'), 'ŗ', 'r'), 'ř', 'r');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'ś', 's'), 'ŝ', 's'), 'ş', 's'), 'š', 's'), 'ſ', 's'), 'ș', 's');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'ţ', 't'), 'ť', 't'), 'ŧ', 't'), 'ț', 't');
UPDATE users SET name_folded = REPLACE(name_folded, 'þ', 'th');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'ù', 'u'), 'ú', 'u'), 'û', 'u'), 'ü', 'u'), 'ũ', 'u'), 'ū', 'u'), 'ŭ', 'u'), 'ů', 'u'), 'ű', 'u'), 'ų', 'u'), 'ụ', 'u'), 'ủ', 'u'), 'ứ', 'u'), 'ừ', 'u'), 'ử', 'u'), 'ữ', 'u'), 'ự', 'u');
UPDATE users SET name_folded = REPLACE(name_folded, 'ŵ', 'w');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(name_folded, 'ý', 'y'), 'ÿ', 'y'), 'ŷ', 'y'), 'ỳ', 'y'), 'ỵ', 'y'), 'ỷ', 'y'), 'ỹ', 'y');
UPDATE users SET name_folded = REPLACE(REPLACE(REPLACE(name_folded, 'ź', 'z'), 'ż', 'z'), 'ž', 'z');
