//! Spelling. In: names as CloudFormation writes them. Out: the same as Terraform does.

/// `MinSize` as `min_size`, and `DBInstanceClass` as `db_instance_class`.
pub fn small(name: &str) -> String {
    let name =
        name.replace("ARNs", "Arns").replace("IDs", "Ids").replace("ACLs", "Acls").replace("TTLs", "Ttls");
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::with_capacity(name.len() + 8);
    for (i, letter) in letters.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| letters[i]);
        let starts = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                let word = before.is_ascii_lowercase() || before.is_ascii_digit();
                word || (before.is_ascii_uppercase()
                    && letters.get(i + 1).is_some_and(char::is_ascii_lowercase))
            });
        if starts {
            text.push('_');
        }
        text.push(if *letter == '-' { '_' } else { letter.to_ascii_lowercase() });
    }
    text
}
